package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Towers;
import org.m2ib.engine.InferenceEngine;

/** What the bottleneck of one model must agree on with the reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BottleneckChecks {
  /** Of the golden. */
  @Parameter(0)
  String name;

  /** Relative. */
  @Parameter(1)
  double tolerance;

  private final String device;
  private Golden golden;
  private NDManager manager;
  private Towers clip;
  private InformationBottleneck.Run image;
  private InformationBottleneck.Run text;

  BottleneckChecks(String device) {
    this.device = device;
  }

  @BeforeParameterizedClassInvocation
  void run() {
    golden = new Golden(name);
    manager = InferenceEngine.start().newBaseManager(InferenceEngine.device(device));
    clip = golden.towers(manager);
    int size = golden.imageSize();
    int layer = golden.layer();
    NDArray pixels = manager.create(golden.pixels(), new Shape(1, 3, size, size));
    int imageLayer = golden.imageLayer();
    NDArray imageHidden = clip.image().prefix(pixels, imageLayer);
    NDArray textHidden = clip.text().prefix(manager, List.of(golden.tokens()), layer);
    NDArray imageEmbedding = clip.image().suffix(imageHidden, imageLayer);
    NDArray textEmbedding = clip.text().suffix(textHidden, List.of(golden.tokens()), layer);
    M2ibSettings settings = new M2ibSettings(layer, 0.1, 10, 10, 1.0, "noise");
    try (Noise vision = new Noise(manager, "noise/vision");
        Noise words = new Noise(manager, "noise/text")) {
      image =
          new InformationBottleneck(settings, vision)
              .run(imageHidden, h -> clip.image().suffix(h, imageLayer), textEmbedding)
              .get(0);
      text =
          new InformationBottleneck(settings, words)
              .run(
                  textHidden,
                  new int[] {golden.tokens().size()},
                  h -> clip.text().suffix(h, List.of(golden.tokens()), layer),
                  imageEmbedding)
              .get(0);
    }
  }

  @AfterParameterizedClassInvocation
  void close() {
    manager.close();
  }

  @Test
  void everyStepOfTheImageSideAgrees() {
    assertTrace(image, "vision_trace");
  }

  @Test
  void everyStepOfTheTextSideAgrees() {
    assertTrace(text, "text_trace");
  }

  @Test
  void theCapacityOfEveryImageTokenAgrees() {
    assertRelative(image.capacity(), golden.values("vision_capacity"));
  }

  @Test
  void theCapacityOfEveryTextTokenAgrees() {
    assertRelative(text.capacity(), golden.values("text_capacity"));
  }

  @Test
  void theCornersOfTheMapAgree() {
    int size = golden.imageSize();
    int n = clip.image().gridRows(golden.imageLayer());
    int first = clip.image().prefixTokens();
    double[][] grid = new double[n][];
    for (int y = 0; y < n; y++) {
      grid[y] = Arrays.copyOfRange(image.capacity(), first + y * n, first + (y + 1) * n);
    }
    float[] map = Upsampling.toInput(grid, size, size);
    int[] corners = {0, size - 1, (size - 1) * size, size * size - 1};
    double[] expected = golden.values("vision_map_corners");
    for (int i = 0; i < corners.length; i++) {
      assertThat((double) map[corners[i]]).isCloseTo(expected[i], within(tolerance));
    }
  }

  private void assertTrace(InformationBottleneck.Run run, String key) {
    for (int step = 0; step < 10; step++) {
      double[] actual = {run.loss().get(step), run.meanCapacity().get(step), run.fit().get(step)};
      assertRelative(actual, golden.trace(key, step));
    }
    assertThat(run.loss()).hasSize(10);
  }

  private void assertRelative(double[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      Offset<Double> offset = within(tolerance * Math.abs(expected[i]));
      assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], offset);
    }
  }
}
