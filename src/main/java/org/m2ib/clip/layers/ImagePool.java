package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;

/** Pools an image tower's tokens into one vector. */
public interface ImagePool {

  /** Tokens before the patches: 1 if a class token is pooled, else 0. */
  int prefixTokens();

  /**
   * Runs the layers after one, as far as needed, and pools.
   *
   * @param hidden (B, T, D) behind {@code layer}
   * @return (B, E)
   */
  NDArray after(Layers layers, NDArray hidden, int layer);

  /** Multiply-adds times two of {@link #after}, per image. */
  double flops(Layers layers, int layer, int tokens);

  /** Width of the result: E. */
  int width();
}
