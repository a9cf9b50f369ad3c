package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Towers;
import org.m2ib.engine.InferenceEngine;

class FormulaClipIT {

  @Test
  void itIsTheViTB32OfTheReference() {
    Golden golden = new Golden("clip-vit-base-patch32");
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      Towers clip = FormulaClip.B32.load(manager);
      float[] embedding =
          clip.image()
              .embed(manager.create(golden.pixels(), new Shape(1, 3, 224, 224)))
              .toFloatArray();
      double[] expected = golden.values("image_embedding");
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) embedding[i]).isCloseTo(expected[i], within(1e-4));
      }
      assertThat(clip.text().embed(manager, FormulaClip.B32.tokens(77)).getShape())
          .isEqualTo(new Shape(1, 512));
    }
  }

  @Test
  void patchesOf16MakeAGridOf14() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      assertThat(FormulaClip.B16.load(manager).image().gridRows()).isEqualTo(14);
    }
  }
}
