package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;

/** How an image tower makes one vector of its tokens. */
public interface ImagePool {

  /** Tokens before the patches: 1 where a class token is pooled, else 0. */
  int prefixTokens();

  /**
   * Runs the layers behind one, as far as they are needed, and pools.
   *
   * @param hidden (B, T, D) behind {@code layer}
   * @return (B, E)
   */
  NDArray after(Layers layers, NDArray hidden, int layer);

  /** Multiply-adds times two of {@link #after}, per picture. */
  double flops(Layers layers, int layer, int tokens);

  /** Width of what comes out: E. */
  int width();
}
