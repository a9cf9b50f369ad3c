package org.m2ib.clip.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.m2ib.clip.Tap;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Weights;
import org.m2ib.clip.bert.BertTower;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.Rows;
import org.m2ib.clip.layers.TextTransformer;

/**
 * BERT as MedCLIP pools it: the mean over tokens of what leaves the first, the second and the last
 * layer, projected. What leaves the first two is needed behind a cut as well, so a state carries
 * the sum of their means in one more row behind the tokens' rows: (N, T + 1, D).
 */
final class MedClipText implements TextEncoder {
  private static final int CONTEXT = 77;
  private static final String PREFIX = "text_model.model.";

  /** The first and the second layer. */
  private static final List<Integer> EARLY = List.of(0, 1);

  private final TextTransformer.Embedding embedding;
  private final Layers layers;
  private final Linear projection;

  private MedClipText(TextTransformer.Embedding embedding, Layers layers, Linear projection) {
    this.embedding = embedding;
    this.layers = layers;
    this.projection = projection;
  }

  /**
   * @param heads how many, where that is known
   */
  static TextEncoder load(Weights weights, JsonNode heads) {
    int d = weights.size(PREFIX + "embeddings.word_embeddings.weight", 2, 1);
    int space = weights.size("text_model.projection_head.weight", 2, 0);
    return new MedClipText(
        BertTower.embedding(weights, PREFIX, CONTEXT),
        BertTower.layers(weights, PREFIX, heads.asInt(Layers.Form.heads(d))),
        Linear.withoutBias(weights, "text_model.projection_head", space, d));
  }

  @Override
  public int layers() {
    return layers.count();
  }

  @Override
  public int width() {
    return layers.width();
  }

  @Override
  public int context() {
    return embedding.context();
  }

  @Override
  public int vocabulary() {
    return embedding.vocabulary();
  }

  @Override
  public NDArray front(NDManager manager, List<Tokens> sentences, int layer) {
    try (NDManager step = manager.newSubManager()) {
      NDArray ids = Rows.ids(step, sentences.stream().map(Tokens::ids).toList());
      NDArray x = embedding.apply(step, ids); // (N, T, D)
      Means means = new Means(step, lengths(sentences), x.getShape());
      NDArray carried = step.zeros(new Shape(sentences.size(), 1, width()));
      for (int i = 0; i <= layer; i++) {
        x = layers.between(x, i - 1, i, means.mask());
        if (i < layer && EARLY.contains(i)) {
          carried = carried.add(means.of(x));
        }
      }
      NDArray state = x.concat(carried, 1); // (N, T + 1, D)
      state.attach(manager);
      return state;
    }
  }

  @Override
  public NDArray back(NDArray hidden, List<Tokens> sentences, int layer) {
    int last = layers() - 1;
    NDArray x = hidden.get(new NDIndex(":, :-1")); // (B, T, D)
    NDArray sum = hidden.get(new NDIndex(":, -1:")); // (B, 1, D)
    Means means = new Means(hidden.getManager(), lengths(sentences), x.getShape());
    for (int i = layer; i <= last; i++) {
      x = i == layer ? x : layers.between(x, i - 1, i, means.mask());
      if (EARLY.contains(i) || i == last) {
        sum = sum.add(means.of(x));
      }
    }
    NDArray third = sum.getManager().create(1f / (EARLY.size() + 1));
    return projection.apply(sum.mul(third).squeeze(1));
  }

  /**
   * @throws UnsupportedOperationException always: no single token is pooled, and methods that ask
   *     for one are not for this tower
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
  public double backFlops(int layer, int tokens) {
    return layers.flops(layer, tokens) + 2.0 * width() * projection.out();
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
      this.behind = Rows.behind(manager, lengths, rows, t);
      float[] shares = new float[rows * t];
      for (int row = 0; row < rows; row++) {
        int length = lengths[row / (rows / lengths.length)];
        Arrays.fill(shares, row * t, row * t + length, 1f / length);
      }
      this.share = manager.create(shares, new Shape(rows, 1, t));
    }

    /** For attention, (B, 1, 1, T) or null. */
    NDArray mask() {
      return behind == null ? null : behind.expandDims(1);
    }

    /** (B, T, D) to (B, 1, D). */
    NDArray of(NDArray x) {
      return share.matMul(x);
    }
  }
}
