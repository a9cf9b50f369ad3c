package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text tower, cut in two behind a layer as {@link ImageEncoder} is. Shapes: N sentences, B rows,
 * T tokens, D width, E the common space.
 */
public interface TextEncoder {

  int layers();

  /** D. */
  int width();

  /** Maximum number of tokens of a sentence, including start and end. */
  int context();

  /** Rows of the token table; every id is below. */
  int vocabulary();

  /** Id of the padding token, if the model was trained with sentences padded to the context. */
  default OptionalInt padding() {
    return OptionalInt.empty();
  }

  /**
   * Runs several sentences up to and including a layer.
   *
   * @param sentences N, of any lengths
   * @param manager receives the result
   * @return hidden states (N, T, D), T at least the tokens of the longest; rows after a sentence's
   *     own tokens are finite and must be left unchanged: they are padding, or state that a tower
   *     carries past the cut
   */
  NDArray prefix(NDManager manager, List<Tokens> sentences, int layer);

  /**
   * Runs everything after a layer, and pools.
   *
   * @param hidden (B, T, D): as many rows for each sentence, those of the first sentence first
   * @param sentences N, the originals, which determine the pooled token; N divides B
   * @return embedding (B, E), not normalised
   */
  NDArray suffix(NDArray hidden, List<Tokens> sentences, int layer);

  /**
   * As {@link #suffix} for one sentence, with a tap.
   *
   * @param hidden (B, T, D)
   * @return embedding (B, E), not normalised
   */
  NDArray tapped(NDArray hidden, Tokens tokens, int layer, Tap tap);

  /** Index of the pooled token. */
  int pooled(Tokens tokens);

  /** Multiply-adds times two of one {@link #suffix} of T tokens, per copy; for benchmarks. */
  double suffixFlops(int layer, int tokens);

  /** Embeddings of several sentences (N, E), not normalised. */
  default NDArray embed(NDManager manager, List<Tokens> sentences) {
    return suffix(prefix(manager, sentences, -1), sentences, -1);
  }

  /** (1, E). */
  default NDArray embed(NDManager manager, Tokens tokens) {
    return embed(manager, List.of(tokens));
  }
}
