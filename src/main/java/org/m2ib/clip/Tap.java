package org.m2ib.clip;

import ai.djl.ndarray.NDArray;

/**
 * Sees, and may replace, what a transformer layer makes on its way: methods that read attention, or
 * differentiate by it, listen here. Shapes: B, T tokens, D width, H heads.
 */
@FunctionalInterface
public interface Tap {
  /** Sees everything, changes nothing. */
  Tap NONE = (layer, point, value) -> value;

  /** Where in the layer. */
  enum Point {
    /** Queries with their bias, not yet scaled, (B, T, D). */
    QUERY,
    /** Keys, (B, T, D). */
    KEY,
    /** Values, (B, T, D). */
    VALUE,
    /** Attention after the softmax, (B, H, T, T); a row is a query. */
    ATTENTION,
    /** The heads' mixed values side by side, before the output projection, (B, T, D). */
    MIXED
  }

  /**
   * @return what the layer goes on with; differentiable where {@code value} is
   */
  NDArray at(int layer, Point point, NDArray value);
}
