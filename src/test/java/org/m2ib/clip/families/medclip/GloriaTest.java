package org.m2ib.clip.families.medclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Golden;
import org.m2ib.clip.ModelException;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;
import org.m2ib.imaging.Preprocessor;

class GloriaTest {

  @Test
  void theMiddleOfTheWholeImageIsSeenAndBlackIsMinusOne() {
    Preprocessor preprocessor = Preprocessor.of(Path.of("folder"), Gloria.preprocessing(224));
    assertThat(preprocessor.geometry(2560, 2000))
        .isEqualTo(new Geometry(2560, 2000, 256, 200, 16, -12, 224, 224));
    float[] white = new float[512 * 100];
    Arrays.fill(white, 1);
    ModelInput input = preprocessor.apply(new DisplayImage(512, 100, 1, white));
    assertThat(input.pixels()[0]).isEqualTo(-1);
    assertThat(input.pixels()[112]).isEqualTo(1);
  }

  @Test
  void fewerLayersThanAreSummedAreRefused() {
    Map<String, long[]> shapes = new Golden("tiny-gloria").shapes();
    shapes.keySet().removeIf(name -> name.matches(".*encoder\\.layer\\.[3-5]\\..*"));
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      assertThatThrownBy(() -> Gloria.load(new FormulaWeights(shapes), manager))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(
              "tensor 'text_encoder.model.encoder.layer.3.output.dense.weight' is missing");
    }
  }
}
