package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import org.m2ib.clip.Script;
import org.m2ib.clip.Weights;

/**
 * x W^T + b.
 *
 * @param weight (out, in)
 * @param bias (out), or null
 */
record Linear(NDArray weight, NDArray bias) {
  private static final Script WITH_BIAS =
      new Script("x: Tensor, weight: Tensor, bias: Tensor", "torch.linear(x, weight, bias)");

  static Linear load(Weights weights, String name, int out, int in) {
    return new Linear(weights.take(name + ".weight", out, in), weights.take(name + ".bias", out));
  }

  static Linear withoutBias(Weights weights, String name, int out, int in) {
    return new Linear(weights.take(name + ".weight", out, in), null);
  }

  NDArray apply(NDArray x) {
    return bias == null
        ? ai.djl.nn.core.Linear.linear(x, weight).singletonOrThrow()
        : WITH_BIAS.apply(x, weight, bias);
  }
}
