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

  /** Most tokens of a sentence, start and end among them. */
  int context();

  /** Rows of the token table; every id is below. */
  int vocabulary();

  /** Id that fills a sentence up to the context, where the model was trained so. */
  default OptionalInt padding() {
    return OptionalInt.empty();
  }

  /**
   * Runs several sentences up to and with a layer.
   *
   * @param sentences N, of any lengths
   * @param manager takes the result
   * @return hidden states (N, T, D), T at least the tokens of the longest; what stands behind a
   *     sentence's own tokens is no word of it, finite, and to be left as it is: nothing, or what a
   *     tower carries past the cut
   */
  NDArray prefix(NDManager manager, List<Tokens> sentences, int layer);

  /**
   * Runs what follows a layer, and pools.
   *
   * @param hidden (B, T, D): as many rows for each sentence, those of the first sentence first
   * @param sentences N, those it was made from: say which token is pooled; N divides B
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

  /** Index of the token that is pooled. */
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
