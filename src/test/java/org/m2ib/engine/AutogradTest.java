package org.m2ib.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class AutogradTest {

  @Test
  void aSecondGradientAtTheSamePlaceStartsAnew() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      NDArray x = manager.create(new float[] {1, -2, 3});
      for (int time = 0; time < 2; time++) {
        Autograd.Result result =
            Autograd.of(x, y -> y.square().mul(Autograd.constant(y, 0.5f)).sum());
        assertThat(result.value().getFloat()).isEqualTo(7);
        assertThat(result.gradient().toFloatArray()).containsExactly(1, -2, 3);
        assertThat(x.toFloatArray()).containsExactly(1, -2, 3);
      }
    }
  }
}
