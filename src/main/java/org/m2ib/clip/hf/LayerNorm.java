package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import org.m2ib.clip.Weights;

/** Layer normalisation over the last axis; both weights (D). */
record LayerNorm(NDArray weight, NDArray bias, float epsilon) {

  static LayerNorm load(Weights weights, String name, TowerConfig config) {
    return new LayerNorm(
        weights.take(name + ".weight", config.width()),
        weights.take(name + ".bias", config.width()),
        config.epsilon());
  }

  NDArray apply(NDArray x) {
    return ai.djl.nn.norm.LayerNorm.layerNorm(x, weight.getShape(), weight, bias, epsilon)
        .singletonOrThrow();
  }
}
