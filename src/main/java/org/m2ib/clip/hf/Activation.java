package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import org.m2ib.clip.Script;

/** The MLP's non-linearity, as config.json's {@code hidden_act} names it. */
enum Activation {
  /**
   * x * sigmoid(1.702 x), OpenAI's: the engine's SiLU of 1.702 x over 1.702, whose factors go with
   * the matrix products.
   */
  QUICK_GELU(
      "torch.add(y, torch.view_as(torch.addmm(b2, torch.silu(torch.addmm(b1, torch.flatten(x, 0, -2),"
          + " torch.t(w1), beta=1.702, alpha=1.702)), torch.t(w2), beta=1.702), y),"
          + " alpha=0.5875440658049354)"),
  /** x * Phi(x), with the error function. */
  GELU("torch.add(y, torch.linear(torch.gelu(torch.linear(x, w1, b1)), w2, b2))");

  private final Script mlp;

  Activation(String mlp) {
    this.mlp =
        new Script("y: Tensor, x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor", mlp);
  }

  /**
   * @param y (B, T, D) what is added to
   * @param x (B, T, D)
   * @return y + fc2(activation(fc1(x)))
   */
  NDArray mlp(NDArray y, NDArray x, Linear fc1, Linear fc2) {
    return mlp.apply(y, x, fc1.weight(), fc1.bias(), fc2.weight(), fc2.bias());
  }
}
