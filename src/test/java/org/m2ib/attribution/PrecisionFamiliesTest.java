package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Towers;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.engine.Precision;
import org.m2ib.metrics.RankCorrelation;

/** In every family, bfloat16 gives nearly float32's capacities, and another computation. */
@EveryFamily
class PrecisionFamiliesTest {
  @Parameter(0)
  String name;

  @Parameter(1)
  double tolerance;

  @Test
  void bothSidesAreNearlyThoseOfFloat32() {
    Golden golden = new Golden(name);
    try (NDManager manager =
        InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"))) {
      Towers clip = golden.towers(manager);
      int size = golden.imageSize();
      NDArray pixels = manager.create(golden.pixels(), new Shape(1, 3, size, size));
      int imageLayer = golden.imageLayer();
      int layer = golden.layer();
      NDArray hidden = clip.image().prefix(pixels, imageLayer);
      NDArray words = clip.text().prefix(manager, List.of(golden.tokens()), layer);
      NDArray image = clip.image().suffix(hidden, imageLayer);
      NDArray text = clip.text().suffix(words, List.of(golden.tokens()), layer);
      int[] lengths = {golden.tokens().size()};
      M2ibSettings exact = new M2ibSettings(layer, 0.1, 10, 10, 1.0, "noise");
      InformationBottleneck.Run[][] runs = new InformationBottleneck.Run[2][2];
      for (Precision precision : Precision.values()) {
        try (Noise noise = new Noise(manager, "noise/vision")) {
          InformationBottleneck bottleneck =
              new InformationBottleneck(exact.with(precision), noise);
          runs[precision.ordinal()][0] =
              bottleneck.run(hidden, h -> clip.image().suffix(h, imageLayer), text).get(0);
          runs[precision.ordinal()][1] =
              bottleneck
                  .run(
                      words,
                      lengths,
                      h -> clip.text().suffix(h, List.of(golden.tokens()), layer),
                      image)
                  .get(0);
        }
      }
      for (int side = 0; side < 2; side++) {
        double[] float32 = runs[0][side].capacity();
        double[] bfloat16 = runs[1][side].capacity();
        assertThat(RankCorrelation.spearman(bfloat16, float32))
            .as("side %d", side)
            .isGreaterThan(0.95);
        assertThat(runs[1][side].loss()).as("side %d", side).isNotEqualTo(runs[0][side].loss());
      }
    }
  }
}
