package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.m2ib.clip.loading.ClipModel;

/** What the towers of one model must agree on with the reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenChecks {
  private final Golden golden;
  private NDManager manager;
  private Towers clip;

  GoldenChecks(String name) {
    golden = new Golden(name);
  }

  @BeforeAll
  void load() {
    manager = ClipModel.newManager("cpu");
    clip = golden.towers(manager);
  }

  @AfterAll
  void close() {
    manager.close();
  }

  @Test
  void thePixelsAreTheFormulas() {
    double[] expected = golden.values("pixels_first8");
    for (int i = 0; i < 8; i++) {
      assertThat((double) golden.pixels()[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void theImageEmbeddingAgrees() {
    try (NDManager step = manager.newSubManager()) {
      assertClose(clip.image().embed(pixels(step)), golden.values("image_embedding"), 1e-4);
    }
  }

  @Test
  void theTextEmbeddingAgrees() {
    try (NDManager step = manager.newSubManager()) {
      assertClose(clip.text().embed(step, golden.tokens()), golden.values("text_embedding"), 1e-4);
    }
  }

  @Test
  void theProbabilityIsThatOfTheLibrarysSigmoidWhereItHasOne() {
    assertThat(clip.sigmoid().isPresent()).isEqualTo(golden.has("logit"));
    clip.sigmoid()
        .ifPresent(
            sigmoid ->
                assertThat(sigmoid.probability(golden.value("cosine")))
                    .isCloseTo(1 / (1 + Math.exp(-golden.value("logit"))), within(1e-6)));
  }

  @Test
  void theImageIsTheSameWhereverTheTowerIsCut() {
    try (NDManager step = manager.newSubManager()) {
      for (int layer : new int[] {0, golden.imageLayer(), clip.image().layers() - 1}) {
        NDArray hidden = clip.image().prefix(pixels(step), layer);
        assertThat(hidden.getShape())
            .isEqualTo(new Shape(1, clip.image().tokens(layer), clip.image().width(layer)));
        assertClose(clip.image().suffix(hidden, layer), golden.values("image_embedding"), 1e-4);
      }
    }
  }

  @Test
  void theTextIsTheSameWhereverTheTowerIsCut() {
    try (NDManager step = manager.newSubManager()) {
      for (int layer : new int[] {0, golden.layer(), clip.text().layers() - 1}) {
        NDArray hidden = clip.text().prefix(step, List.of(golden.tokens()), layer);
        NDArray embedding = clip.text().suffix(hidden, List.of(golden.tokens()), layer);
        assertClose(embedding, golden.values("text_embedding"), 1e-4);
      }
    }
  }

  @Test
  void theHiddenStatesAgree() {
    try (NDManager step = manager.newSubManager()) {
      assertClose(
          clip.image().prefix(pixels(step), golden.imageLayer()).get("0, 0, 0:8"),
          golden.values("vision_hidden_first8"),
          1e-3);
      assertClose(
          clip.text().prefix(step, List.of(golden.tokens()), golden.layer()).get("0, 0, 0:8"),
          golden.values("text_hidden_first8"),
          1e-3);
    }
  }

  private NDArray pixels(NDManager step) {
    int size = golden.imageSize();
    return step.create(golden.pixels(), new Shape(1, 3, size, size));
  }

  /** Absolute below 1, relative above. */
  private static void assertClose(NDArray actual, double[] expected, double tolerance) {
    float[] values = actual.toFloatArray();
    assertThat(values).hasSize(expected.length);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
