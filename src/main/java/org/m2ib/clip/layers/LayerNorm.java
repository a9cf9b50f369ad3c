package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import org.m2ib.clip.Weights;

/** Layer normalisation over the last axis. Both weights are (D). */
public record LayerNorm(NDArray weight, NDArray bias, float epsilon) {

  /** Loads {@code name.weight} and {@code name.bias}. */
  public static LayerNorm load(Weights weights, String name, int width, float epsilon) {
    return new LayerNorm(
        weights.take(name + ".weight", width), weights.take(name + ".bias", width), epsilon);
  }

  public NDArray apply(NDArray x) {
    return ai.djl.nn.norm.LayerNorm.layerNorm(x, weight.getShape(), weight, bias, epsilon)
        .singletonOrThrow();
  }
}
