package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import java.util.Locale;
import java.util.Optional;
import org.m2ib.engine.Precision;
import org.m2ib.engine.Script;

/** The activation function of an MLP, named as in published configurations. */
public enum Activation {
  /**
   * x * sigmoid(1.702 x), OpenAI's approximation, computed as SiLU(1.702 x) / 1.702 with both
   * factors folded into the matrix products.
   */
  QUICK_GELU(
      "torch.add(y, torch.view_as(torch.addmm(b2, torch.silu(torch.addmm(b1, torch.flatten(x, 0, -2),"
          + " torch.t(w1), beta=1.702, alpha=1.702)), torch.t(w2), beta=1.702), y),"
          + " alpha=0.5875440658049354)",
      "torch.addmm(b, torch.flatten(x, 0, -2), torch.t(w), beta=1.702, alpha=1.702)",
      "torch.silu(x)",
      "torch.addmm(b, x, torch.t(w), alpha=0.5875440658049354)"),
  /** x * Phi(x), with the error function. */
  GELU(
      "torch.add(y, torch.linear(torch.gelu(torch.linear(x, w1, b1)), w2, b2))",
      "torch.linear(torch.flatten(x, 0, -2), w, b)",
      "torch.gelu(x)",
      "torch.linear(x, w, b)"),
  /** GELU with the tanh approximation. */
  GELU_PYTORCH_TANH(
      "torch.add(y, torch.linear(torch.gelu(torch.linear(x, w1, b1), approximate=\"tanh\"), w2, b2))",
      "torch.linear(torch.flatten(x, 0, -2), w, b)",
      "torch.gelu(x, approximate=\"tanh\")",
      "torch.linear(x, w, b)");

  private static final String WEIGHTS = "x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor";

  private static final String LINEAR = "x: Tensor, w: Tensor, b: Tensor";

  private final Script mlp;
  private final Script reducedFirst;
  private final Script reducedActivation;
  private final Script reducedSecond;

  /**
   * The three parts of the reduced MLP are scripts of their own. The engine differentiates a longer
   * script of reduced arrays symbolically: it takes the derivative of SiLU apart into eight
   * operations, each rounded, and it does not convert between types.
   *
   * @param mlp the MLP plus y
   * @param reducedFirst the first layer, (B T, D') of x (B, T, D)
   * @param reducedActivation of x, any shape
   * @param reducedSecond the second layer of x (B T, D')
   */
  Activation(String mlp, String reducedFirst, String reducedActivation, String reducedSecond) {
    this.mlp = new Script("y: Tensor, " + WEIGHTS, mlp);
    this.reducedFirst = new Script(LINEAR, reducedFirst);
    this.reducedActivation = new Script("x: Tensor", reducedActivation);
    this.reducedSecond = new Script(LINEAR, reducedSecond);
  }

  /**
   * @param name value of {@code hidden_act}
   */
  public static Optional<Activation> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "quick_gelu" -> Optional.of(QUICK_GELU);
      case "gelu" -> Optional.of(GELU);
      case "gelu_pytorch_tanh" -> Optional.of(GELU_PYTORCH_TANH);
      default -> Optional.empty();
    };
  }

  /**
   * @param y (B, T, D), the residual
   * @param x (B, T, D)
   * @return y + fc2(activation(fc1(x)))
   */
  public NDArray mlp(NDArray y, NDArray x, Linear fc1, Linear fc2) {
    if (Precision.isReduced()) {
      Linear half1 = fc1.rounded();
      Linear half2 = fc2.rounded();
      NDArray first = reducedFirst.apply(Precision.rounded(x), half1.weight(), half1.bias());
      NDArray second =
          reducedSecond.apply(reducedActivation.apply(first), half2.weight(), half2.bias());
      return y.add(Precision.widened(second).reshape(y.getShape()));
    }
    return mlp.apply(y, x, fc1.weight(), fc1.bias(), fc2.weight(), fc2.bias());
  }
}
