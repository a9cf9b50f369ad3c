package org.m2ib.clip;

import ai.djl.ndarray.NDArray;

/**
 * A hook on the intermediate values of a transformer layer, which it may replace. Methods that read
 * attention, or differentiate with respect to it, use it. Shapes: B batch, T tokens, D width, H
 * heads.
 */
@FunctionalInterface
public interface Tap {
  /** Changes nothing. */
  Tap NONE = (layer, point, value) -> value;

  /** A point in the layer. */
  enum Point {
    /** Queries with their bias, before scaling, (B, T, D). */
    QUERY,
    /** Keys, (B, T, D). */
    KEY,
    /** Values, (B, T, D). */
    VALUE,
    /** Attention after the softmax, (B, H, T, T); a row is a query. */
    ATTENTION,
    /** Concatenated outputs of the heads, before the output projection, (B, T, D). */
    MIXED,
    /** The same after the output projection, before it is added to the layer's input, (B, T, D). */
    PROJECTED,
    /** The layer's output, (B, T, D). */
    OUTPUT
  }

  /**
   * @return the value that the layer continues with; differentiable if {@code value} is
   */
  NDArray at(int layer, Point point, NDArray value);
}
