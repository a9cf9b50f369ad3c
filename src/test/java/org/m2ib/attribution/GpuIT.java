package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.Golden;
import org.m2ib.clip.InferenceEngine;
import org.m2ib.clip.Towers;

/** Both bottlenecks of the tiny golden on the first GPU, beside the CPU. */
class GpuIT {
  /** Of the greatest value: a GPU sums in another order, and may convolve in TF32. */
  private static final double TOLERANCE = 1e-2;

  private final Golden golden = new Golden("tiny-clip");

  private record Both(Bottleneck.Run image, Bottleneck.Run text) {}

  @BeforeEach
  void needGpu() {
    assumeTrue(
        InferenceEngine.start().getGpuCount() > 0,
        "skipped: DJL finds no GPU; docs/operations.md says how it gets one");
  }

  @Test
  void theGpuKeepsWhatTheCpuKeeps() {
    Both cpu = run("cpu");
    Both gpu = run("gpu");
    assertClose(gpu.image().capacity(), cpu.image().capacity());
    assertClose(gpu.text().capacity(), cpu.text().capacity());
    assertClose(numbers(gpu.image().loss()), numbers(cpu.image().loss()));
    assertClose(numbers(gpu.text().loss()), numbers(cpu.text().loss()));
  }

  @Test
  void theGpuKeepsWhatTheReferenceKeeps() {
    Both gpu = run("gpu");
    assertClose(gpu.image().capacity(), golden.values("vision_capacity"));
    assertClose(gpu.text().capacity(), golden.values("text_capacity"));
  }

  private Both run(String device) {
    try (NDManager manager =
        InferenceEngine.start().newBaseManager(InferenceEngine.device(device))) {
      Towers clip = golden.towers(manager);
      int size = golden.sizes().image();
      int layer = golden.layer();
      NDArray pixels = manager.create(golden.pixels(), new Shape(1, 3, size, size));
      assertThat(pixels.getDevice()).isEqualTo(InferenceEngine.device(device));
      NDArray imageHidden = clip.image().front(pixels, layer);
      NDArray textHidden = clip.text().front(manager, List.of(golden.tokens()), layer);
      NDArray imageEmbedding = clip.image().back(imageHidden, layer);
      NDArray textEmbedding = clip.text().back(textHidden, List.of(golden.tokens()), layer);
      M2ibSettings settings = new M2ibSettings(layer, 0.1, 10, 10, 1.0, "noise");
      try (Noise vision = new Noise(manager, "noise/vision");
          Noise words = new Noise(manager, "noise/text")) {
        return new Both(
            new Bottleneck(settings, vision)
                .run(imageHidden, h -> clip.image().back(h, layer), textEmbedding)
                .get(0),
            new Bottleneck(settings, words)
                .run(
                    textHidden,
                    h -> clip.text().back(h, List.of(golden.tokens()), layer),
                    imageEmbedding)
                .get(0));
      }
    }
  }

  private static double[] numbers(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void assertClose(double[] actual, double[] expected) {
    double greatest = 0;
    for (double value : expected) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    assertThat(actual).containsExactly(expected, within(TOLERANCE * greatest));
  }
}
