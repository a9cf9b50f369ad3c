package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.loading.ClipModel;

/** How samples and steps share noise. */
class NoiseTest {
  private static final int T = 3;
  private static final int D = 4;

  private final NDManager manager = ClipModel.newManager("cpu");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void independentNoiseIsTheStream() {
    float[] second = step(NoiseKind.INDEPENDENT, 1, 2);
    float[] stream;
    try (Noise noise = new Noise(manager, "seed")) {
      stream = noise.values(2L * T * D, 2 * T * D);
    }
    assertThat(second).isEqualTo(stream);
    assertThat(second).isNotEqualTo(step(NoiseKind.INDEPENDENT, 0, 2));
  }

  @Test
  void theSecondHalfOfAntitheticNoiseIsTheNegativeOfTheFirst() {
    for (int step = 0; step < 3; step++) {
      float[] all = step(NoiseKind.ANTITHETIC, step, 4);
      float[] half = Arrays.copyOf(all, 2 * T * D);
      assertThat(half).isEqualTo(step(NoiseKind.INDEPENDENT, step, 2));
      for (int i = 0; i < half.length; i++) {
        assertThat(all[half.length + i]).isEqualTo(-half[i]);
      }
    }
  }

  @Test
  void commonNoiseIsTheFirstStepsInEveryStep() {
    float[] first = step(NoiseKind.INDEPENDENT, 0, 3);
    assertThat(step(NoiseKind.COMMON, 0, 3)).isEqualTo(first);
    assertThat(step(NoiseKind.COMMON, 7, 3)).isEqualTo(first);
  }

  @Test
  void whatIsPreparedAtOnceIsTheSame() {
    for (NoiseKind kind : NoiseKind.values()) {
      try (Noise noise = new Noise(manager, "seed", kind)) {
        noise.prepare(5, 2, T, D);
        assertThat(noise.step(manager, 4, 2, T, D).toFloatArray()).isEqualTo(step(kind, 4, 2));
      }
    }
  }

  @Test
  void antitheticNoiseNeedsAnEvenNumberOfSamples() {
    M2ibSettings odd = M2ibSettings.PAPER.withSteps(10, 5, 0);
    assertThatThrownBy(() -> odd.with(NoiseKind.ANTITHETIC))
        .hasMessage("m2ib.attribution.samples = 5: must be even with antithetic noise");
    assertThat(odd.with(NoiseKind.COMMON).samples()).isEqualTo(5);
  }

  @Test
  void anotherKindIsRefused() {
    assertThat(NoiseKind.of("antithetic")).isEqualTo(NoiseKind.ANTITHETIC);
    assertThatThrownBy(() -> NoiseKind.of("none"))
        .hasMessage("m2ib.attribution.noise = none: must be independent, antithetic or common");
  }

  private float[] step(NoiseKind kind, int step, int samples) {
    try (Noise noise = new Noise(manager, "seed", kind)) {
      return noise.step(manager, step, samples, T, D).toFloatArray();
    }
  }
}
