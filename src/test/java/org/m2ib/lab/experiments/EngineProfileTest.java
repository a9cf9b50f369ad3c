package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.Linear;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.engine.Precision;

class EngineProfileTest {

  @Test
  void anOperatorsShareLeavesOutWhatItCalled() throws IOException {
    String trace =
        """
        [{"name": "linear", "ph": "X", "ts": 0, "dur": 10, "tid": 1},
         {"name": "mm", "ph": "X", "ts": 1, "dur": 8, "tid": 1},
         {"name": "mm", "ph": "X", "ts": 20, "dur": 6, "tid": 1},
         {"name": "add", "ph": "X", "ts": 2, "dur": 4, "tid": 2},
         {"name": "a mark", "ph": "i", "ts": 2, "tid": 2}]
        """;
    assertThat(EngineProfile.operators(new ObjectMapper().readTree(trace)))
        .containsExactly(
            new EngineProfile.Operator("mm", 2, 0.7),
            new EngineProfile.Operator("add", 1, 0.2),
            new EngineProfile.Operator("linear", 1, 0.1));
  }

  @Test
  void theProductsShareIsThatOfTheOperatorsThatMultiplyMatrices() {
    assertThat(
            EngineProfile.products(
                List.of(
                    new EngineProfile.Operator("aten::mm", 2, 0.5),
                    new EngineProfile.Operator("aten::mul", 9, 0.3),
                    new EngineProfile.Operator("aten::bmm", 1, 0.1),
                    new EngineProfile.Operator("aten::addmm", 1, 0.1))))
        .isCloseTo(0.7, within(1e-9));
  }

  /** The engine takes a script apart only after it has run a few times. */
  @Test
  void theDerivativeOfTheReducedActivationStaysOneOperator() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      Linear wide = new Linear(manager.ones(new Shape(8, 4)), manager.ones(new Shape(8)));
      Linear narrow = new Linear(manager.ones(new Shape(4, 8)), manager.ones(new Shape(4)));
      var x = manager.ones(new Shape(1, 2, 4));
      Runnable run =
          () ->
              Precision.BFLOAT16.during(
                  () -> Autograd.of(x, h -> Activation.QUICK_GELU.mlp(h, h, wide, narrow).sum()));
      for (int i = 0; i < 5; i++) {
        run.run();
      }
      assertThat(EngineProfile.of(run))
          .extracting(EngineProfile.Operator::name)
          .contains("aten::silu_backward")
          .doesNotContain("aten::sigmoid");
    }
  }

  @Test
  void theEnginesOwnTraceIsRead() {
    try (NDManager manager = InferenceEngine.start().newBaseManager(Device.cpu())) {
      var x = manager.ones(new Shape(200, 200));
      List<EngineProfile.Operator> operators = EngineProfile.of(() -> x.matMul(x));
      assertThat(operators)
          .extracting(EngineProfile.Operator::name)
          .anySatisfy(name -> assertThat(name).endsWith("mm"));
      assertThat(operators.stream().mapToDouble(EngineProfile.Operator::share).sum())
          .isCloseTo(1, within(1e-9));
    }
  }
}
