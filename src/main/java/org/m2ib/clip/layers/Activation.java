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
      "torch.view_as(torch.addmm(b2, torch.silu(torch.addmm(b1, torch.flatten(x, 0, -2),"
          + " torch.t(w1), beta=1.702, alpha=1.702)), torch.t(w2), alpha=0.5875440658049354), x)"),
  /** x * Phi(x), with the error function. */
  GELU(
      "torch.add(y, torch.linear(torch.gelu(torch.linear(x, w1, b1)), w2, b2))",
      "torch.linear(torch.gelu(torch.linear(x, w1, b1)), w2, b2)"),
  /** GELU with the tanh approximation. */
  GELU_PYTORCH_TANH(
      "torch.add(y, torch.linear(torch.gelu(torch.linear(x, w1, b1), approximate=\"tanh\"), w2, b2))",
      "torch.linear(torch.gelu(torch.linear(x, w1, b1), approximate=\"tanh\"), w2, b2)");

  private static final String WEIGHTS = "x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor";

  private final Script mlp;
  private final Script withoutSum;

  /**
   * @param mlp the MLP plus y
   * @param withoutSum the MLP; a script must not mix types, because the engine's derivative of it
   *     does not convert between them
   */
  Activation(String mlp, String withoutSum) {
    this.mlp = new Script("y: Tensor, " + WEIGHTS, mlp);
    this.withoutSum = new Script(WEIGHTS, withoutSum);
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
      NDArray reduced =
          withoutSum.apply(
              Precision.rounded(x), half1.weight(), half1.bias(), half2.weight(), half2.bias());
      return y.add(Precision.widened(reduced));
    }
    return mlp.apply(y, x, fc1.weight(), fc1.bias(), fc2.weight(), fc2.bias());
  }
}
