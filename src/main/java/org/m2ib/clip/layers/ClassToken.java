package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * Pools the class token of the last layer, normalised and projected.
 *
 * @param norm (D)
 * @param projection (E, D)
 */
public record ClassToken(LayerNorm norm, Linear projection) implements ImagePool {
  private static final NDIndex FIRST = new NDIndex(":, 0:1");

  @Override
  public int prefixTokens() {
    return 1;
  }

  @Override
  public NDArray after(Layers layers, NDArray hidden, int layer) {
    NDArray token = layers.after(hidden, layer, x -> x.get(FIRST), null, null); // (B, D)
    return projection.apply(norm.apply(token));
  }

  @Override
  public double flops(Layers layers, int layer, int tokens) {
    return layers.flopsAfter(layer, tokens) + 2.0 * projection.in() * projection.out();
  }

  @Override
  public int width() {
    return projection.out();
  }
}
