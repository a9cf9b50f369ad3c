package org.m2ib.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static final float[] VALUES = {-2, 0, 1.5f};

  @Test
  void aScriptGivesTheValueAndTheDerivativeOfItsExpression() {
    Script silu = new Script("x: Tensor, y: Tensor", "torch.add(torch.silu(x), y)");
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      NDArray one = manager.create(1f);
      NDArray x = manager.create(VALUES);
      float[] value = silu.apply(x, one).toFloatArray();
      float[] slope = Autograd.of(x, v -> silu.apply(v, one).sum()).gradient().toFloatArray();
      for (int i = 0; i < VALUES.length; i++) {
        double sigmoid = 1 / (1 + Math.exp(-VALUES[i]));
        assertThat((double) value[i]).isCloseTo(1 + VALUES[i] * sigmoid, within(1e-6));
        double expected = sigmoid * (1 + VALUES[i] * (1 - sigmoid));
        assertThat((double) slope[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void theResultGoesWithTheFirstArgument() {
    Script sum = new Script("x: Tensor, y: Tensor", "torch.add(x, y)");
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu());
        NDManager step = manager.newSubManager()) {
      NDArray result = sum.apply(step.create(VALUES), manager.create(VALUES));
      assertThat(result.getManager()).isSameAs(step);
    }
  }

  @Test
  void anExpressionThatTheEngineDoesNotKnowIsNamed() {
    assertThatThrownBy(() -> new Script("x: Tensor", "torch.no_such_operator(x)"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the engine cannot compile 'torch.no_such_operator(x)'");
  }
}
