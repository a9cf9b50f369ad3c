package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import org.m2ib.clip.Autograd;

/** The MLP's non-linearity, as config.json's {@code hidden_act} names it. */
enum Activation {
  /** x * sigmoid(1.702 x), OpenAI's. */
  QUICK_GELU {
    @Override
    NDArray apply(NDArray x) {
      return ai.djl.nn.Activation.sigmoid(x.mul(Autograd.constant(x, 1.702f))).mul(x);
    }
  },
  /** x * Phi(x), with the error function. */
  GELU {
    @Override
    NDArray apply(NDArray x) {
      return ai.djl.nn.Activation.gelu(x);
    }
  };

  abstract NDArray apply(NDArray x);
}
