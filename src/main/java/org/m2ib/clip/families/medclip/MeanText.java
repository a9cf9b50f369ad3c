package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.layers.LayeredText;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Rows;
import org.m2ib.clip.layers.TextTransformer;

/**
 * BERT with the pooling of MedCLIP and GLoRIA: the mean over tokens of a layer's output, summed
 * over several layers including the last. Outputs of earlier layers are needed after a split too,
 * so the hidden state carries the sum of their means in one more row after the tokens' rows: (N, T
 * + 1, D).
 */
final class MeanText extends LayeredText {
  private final Set<Integer> pooled;
  private final TextTransformer.Head head;

  /**
   * @param pooled indices of the pooled layers
   * @param head head applied to the sum
   */
  MeanText(
      TextTransformer.Embedding embedding,
      Layers layers,
      Set<Integer> pooled,
      TextTransformer.Head head) {
    super(embedding, layers);
    this.pooled = Set.copyOf(pooled);
    this.head = head;
  }

  @Override
  public NDArray prefix(NDManager manager, List<Tokens> sentences, int layer) {
    try (NDManager step = manager.newSubManager()) {
      NDArray ids = Rows.ids(step, sentences.stream().map(Tokens::ids).toList());
      NDArray x = embedding.apply(step, ids); // (N, T, D)
      Means means = new Means(step, lengths(sentences), x.getShape());
      NDArray carried = step.zeros(new Shape(sentences.size(), 1, width()));
      for (int i = 0; i <= layer; i++) {
        x = layers.between(x, i - 1, i, means.mask());
        if (i < layer && pooled.contains(i)) {
          carried = carried.add(means.of(x));
        }
      }
      NDArray state = x.concat(carried, 1); // (N, T + 1, D)
      state.attach(manager);
      return state;
    }
  }

  @Override
  public NDArray suffix(NDArray hidden, List<Tokens> sentences, int layer) {
    int last = layers() - 1;
    NDArray x = hidden.get(new NDIndex(":, :-1")); // (B, T, D)
    NDArray sum = hidden.get(new NDIndex(":, -1:")); // (B, 1, D)
    Means means = new Means(hidden.getManager(), lengths(sentences), x.getShape());
    for (int i = layer; i <= last; i++) {
      x = i == layer ? x : layers.between(x, i - 1, i, means.mask());
      if (pooled.contains(i)) {
        sum = sum.add(means.of(x));
      }
    }
    return head.apply().apply(sum.squeeze(1));
  }

  /**
   * @throws UnsupportedOperationException always: no single token is pooled, so methods that need
   *     one do not support this tower
   */
  @Override
  public NDArray tapped(NDArray hidden, Tokens tokens, int layer, Tap tap) {
    throw new UnsupportedOperationException("this text tower pools all tokens");
  }

  /**
   * @throws UnsupportedOperationException see {@link #tapped}
   */
  @Override
  public int pooled(Tokens tokens) {
    throw new UnsupportedOperationException("this text tower pools all tokens");
  }

  @Override
  public double suffixFlops(int layer, int tokens) {
    return layers.flops(layer, tokens) + head.flops();
  }

  private int[] lengths(List<Tokens> sentences) {
    int[] lengths = sentences.stream().mapToInt(Tokens::size).toArray();
    Arrays.stream(lengths).forEach(embedding::requireFits);
    return lengths;
  }

  /** Means over the tokens of each row's own sentence. */
  private static final class Means {
    private final NDArray behind;
    private final NDArray share;

    /**
     * @param shape (B, T, D); the number of sentences divides B
     */
    Means(NDManager manager, int[] lengths, Shape shape) {
      int rows = (int) shape.get(0);
      int t = (int) shape.get(1);
      this.behind = Rows.paddingMask(manager, lengths, rows, t);
      float[] shares = new float[rows * t];
      for (int row = 0; row < rows; row++) {
        int length = lengths[row / (rows / lengths.length)];
        Arrays.fill(shares, row * t, row * t + length, 1f / length);
      }
      this.share = manager.create(shares, new Shape(rows, 1, t));
    }

    /** Returns the attention mask, (B, 1, 1, T), or null. */
    NDArray mask() {
      return behind == null ? null : behind.expandDims(1);
    }

    /** Averages (B, T, D) to (B, 1, D). */
    NDArray of(NDArray x) {
      return share.matMul(x);
    }
  }
}
