package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.attribution.methods.NarrowingBottleneck;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Towers;
import org.m2ib.engine.InferenceEngine;

/** A text tower that sums layers carries past the cut what a method must leave alone. */
class CarriedStateTest {

  @ParameterizedTest
  @ValueSource(strings = {"tiny-medclip-swin", "tiny-medclip-resnet", "tiny-gloria"})
  void theNarrowingBottleneckNarrowsTheTokensAlone(String name) {
    Golden golden = new Golden(name);
    double[] expected = golden.values("text_nib");
    double longest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    int layer = golden.layer();
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      Towers clip = golden.towers(manager);
      int size = golden.imageSize();
      NDManager own = manager.newSubManager();
      try (EncodedImage image =
          new EncodedImage(
              clip.image(), own, own.create(golden.pixels(), new Shape(1, 3, size, size)), layer)) {
        EncodedText text = new EncodedText(clip.text(), own, List.of(golden.tokens()), layer);
        double[] found = new NarrowingBottleneck(layer, 7).of(image, text).get(0).tokens();
        assertThat(found).containsExactly(expected, within(2e-3 * longest));
      }
    }
  }
}
