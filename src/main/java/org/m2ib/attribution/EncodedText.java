package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;

/**
 * Sentences that run together.
 *
 * @param manager takes what is made of them; closed by who made it
 * @param sentences N
 */
public record EncodedText(TextEncoder encoder, NDManager manager, List<Tokens> sentences) {

  /** The states behind a layer, (N, T, D). */
  public NDArray hidden(int layer) {
    return encoder.front(manager, sentences, layer);
  }

  /** (N, E), not normalised. */
  public NDArray embeddings() {
    return encoder.embed(manager, sentences);
  }

  /** Each sentence's tokens. */
  public int[] lengths() {
    return sentences.stream().mapToInt(Tokens::size).toArray();
  }
}
