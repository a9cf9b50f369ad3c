package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A text tower, cut in two behind a layer as {@link ImageEncoder} is. Shapes: B copies of one
 * sentence, T its tokens, D width, E the common space.
 */
public interface TextEncoder {

  int layers();

  /** D. */
  int width();

  /** Most tokens of a sentence, start and end among them. */
  int context();

  /** Rows of the token table; every id is below. */
  int vocabulary();

  /**
   * Runs up to and with a layer.
   *
   * @param tokens T tokens
   * @param manager takes the result
   * @return hidden state (1, T, D)
   */
  NDArray front(NDManager manager, Tokens tokens, int layer);

  /**
   * Runs what follows a layer, and pools.
   *
   * @param hidden (B, T, D)
   * @param tokens the sentence it was made from: says which token is pooled
   * @return embedding (B, E), not normalised
   */
  NDArray back(NDArray hidden, Tokens tokens, int layer);

  /** Multiply-adds times two of one {@link #back} of T tokens, per copy; for benchmarks. */
  double backFlops(int layer, int tokens);

  /**
   * Several sentences in one pass.
   *
   * @param sentences N, of any lengths
   * @return embeddings (N, E), not normalised
   */
  NDArray embed(NDManager manager, List<Tokens> sentences);

  /** (1, E). */
  default NDArray embed(NDManager manager, Tokens tokens) {
    return back(front(manager, tokens, -1), tokens, -1);
  }
}
