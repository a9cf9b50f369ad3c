package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;

/**
 * A batch of sentences and their states in the text tower. Hidden states are computed on first use
 * and kept as long as the manager.
 */
public final class EncodedText {
  private final TextEncoder encoder;
  private final NDManager manager;
  private final List<Tokens> sentences;
  private final NDArray embeddings;
  private final Map<Integer, NDArray> hidden = new HashMap<>();

  /**
   * @param manager receives the states; closed by its creator
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

  /** Number of tokens of each sentence. */
  public int[] lengths() {
    return sentences.stream().mapToInt(Tokens::size).toArray();
  }
}
