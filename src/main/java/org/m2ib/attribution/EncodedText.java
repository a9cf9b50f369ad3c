package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;

/**
 * Sentences that run together, and what their tower makes of them. Hidden states are made when they
 * are first asked for, and kept as long as the manager.
 */
public final class EncodedText {
  private final TextEncoder encoder;
  private final NDManager manager;
  private final List<Tokens> sentences;
  private final NDArray embeddings;
  private final Map<Integer, NDArray> hidden = new HashMap<>();

  /**
   * @param manager takes what is made of them; closed by who made it
   * @param sentences N
   * @param layer where the tower is cut for the embeddings
   */
  EncodedText(TextEncoder encoder, NDManager manager, List<Tokens> sentences, int layer) {
    this.encoder = encoder;
    this.manager = manager;
    this.sentences = List.copyOf(sentences);
    this.embeddings = encoder.suffix(hidden(layer), this.sentences, layer);
  }

  public TextEncoder encoder() {
    return encoder;
  }

  public NDManager manager() {
    return manager;
  }

  public List<Tokens> sentences() {
    return sentences;
  }

  /** The states behind a layer, (N, T, D). */
  public NDArray hidden(int layer) {
    return hidden.computeIfAbsent(layer, l -> encoder.prefix(manager, sentences, l));
  }

  /** (N, E), not normalised. */
  public NDArray embeddings() {
    return embeddings;
  }

  /** Each sentence's tokens. */
  public int[] lengths() {
    return sentences.stream().mapToInt(Tokens::size).toArray();
  }
}
