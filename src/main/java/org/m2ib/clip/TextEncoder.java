package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text tower that can be split after any layer, like {@link ImageEncoder}. Shapes: N sentences, B
 * rows, T tokens, D width, E dimension of the joint embedding space.
 */
public interface TextEncoder {

  int layers();

  /** Returns D. */
  int width();

  /** Returns the maximum number of tokens of a sentence, including start and end. */
  int context();

  /** Returns the rows of the token table; every id is below this. */
  int vocabulary();

  /** Returns the id that pads a sentence to the context, if the model was trained that way. */
  default OptionalInt padding() {
    return OptionalInt.empty();
  }

  /**
   * Runs sentences up to and including a layer.
   *
   * @param sentences N sentences of any lengths
   * @param manager owns the result
   * @return hidden states (N, T, D), with T at least the token count of the longest sentence;
   *     values after a sentence's own tokens are finite and must not be changed: they are unused,
   *     or carry state of the tower past the split
   */
  NDArray prefix(NDManager manager, List<Tokens> sentences, int layer);

  /**
   * Runs the layers after the given one and pools.
   *
   * @param hidden (B, T, D), with equally many rows for each sentence, those of the first sentence
   *     first
   * @param sentences the N sentences it was computed from, which determine the pooled token; N
   *     divides B
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

  /** Returns the index of the pooled token. */
  int pooled(Tokens tokens);

  /** Returns the FLOPs (two per multiply-add) of one {@link #suffix} of T tokens, per row. */
  double suffixFlops(int layer, int tokens);

  /** Embeds several sentences: (N, E), not normalised. */
  default NDArray embed(NDManager manager, List<Tokens> sentences) {
    return suffix(prefix(manager, sentences, -1), sentences, -1);
  }

  /** Embeds one sentence: (1, E), not normalised. */
  default NDArray embed(NDManager manager, Tokens tokens) {
    return embed(manager, List.of(tokens));
  }
}
