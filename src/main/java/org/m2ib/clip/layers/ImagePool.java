package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;

/** Pools an image tower's tokens into one vector. */
public interface ImagePool {

  /** Returns the number of tokens before the patches: 1 if a class token is pooled, otherwise 0. */
  int prefixTokens();

  /**
   * Runs the layers after one, as far as necessary, and pools.
   *
   * @param hidden (B, T, D) after {@code layer}
   * @return (B, E)
   */
  NDArray after(Layers layers, NDArray hidden, int layer);

  /** Returns the FLOPs (two per multiply-add) of {@link #after}, per image. */
  double flops(Layers layers, int layer, int tokens);

  /** Returns the output width E. */
  int width();
}
