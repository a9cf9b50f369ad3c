package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Tokens;

/** A text transformer that pools one token: CLIP's, SigLIP's, BERT. */
public final class TextTransformer extends LayeredText {
  private final Reading reading;
  private final UnaryOperator<NDArray> head;
  private final double headFlops;
  private final NDArray causalMask;

  /**
   * The token embedding. V rows of the table, C maximum tokens of a sentence, D width.
   *
   * @param tokens (V, D)
   * @param positions (C, D)
   * @param norm norm of the first layer's input, or null
   */
  public record Embedding(NDArray tokens, NDArray positions, LayerNorm norm) {

    /** Returns C. */
    public int context() {
      return (int) positions.getShape().get(0);
    }

    /** Returns V. */
    public int vocabulary() {
      return (int) tokens.getShape().get(0);
    }

    /**
     * @throws IllegalArgumentException if a sentence of this many tokens does not fit
     */
    public void requireFits(int length) {
      if (length < 1 || length > context()) {
        throw new IllegalArgumentException(length + " tokens; the model takes 1 to " + context());
      }
    }

    /**
     * @param ids (N, T)
     * @return (N, T, D) in {@code step}
     */
    public NDArray apply(NDManager step, NDArray ids) {
      NDArray x = tokens.get(step, new NDIndex("{}", ids)); // (N, T, D)
      x = x.add(positions.get(step, new NDIndex("0:{}", ids.getShape().get(1))));
      return norm == null ? x : norm.apply(x);
    }
  }

  /**
   * How a sentence is read. With causal attention, no token attends to later ones, so padding would
   * have no effect and is omitted. Otherwise, tokens attend to the whole sentence, which includes
   * padding to the context if the model was trained that way.
   *
   * @param pooled returns the index of the pooled token, given a sentence's ids; throws
   *     IllegalArgumentException if there is none
   * @param padding id that pads a sentence to the context; null if it is not padded
   */
  public record Reading(boolean causal, ToIntFunction<int[]> pooled, Integer padding) {}

  /**
   * Converts the pooled token to an embedding.
   *
   * @param apply (B, D) to (B, E)
   * @param flops FLOPs (two per multiply-add) per row
   */
  public record Head(UnaryOperator<NDArray> apply, double flops) {

    /** Creates a head of a normalisation and a projection. */
    public static Head of(LayerNorm norm, Linear projection) {
      return new Head(
          x -> projection.apply(norm.apply(x)), 2.0 * projection.in() * projection.out());
    }
  }

  /**
   * @param manager owns what is created here
   */
  public TextTransformer(
      Embedding embedding, Reading reading, Layers layers, Head head, NDManager manager) {
    super(embedding, layers);
    this.reading = reading;
    this.head = head.apply();
    this.headFlops = head.flops();
    this.causalMask = reading.causal() ? causalMask(manager, context()) : null;
  }

  @Override
  public OptionalInt padding() {
    return reading.padding() == null ? OptionalInt.empty() : OptionalInt.of(reading.padding());
  }

  /** Pads shorter sentences with tokens that no other token attends to. */
  @Override
  public NDArray prefix(NDManager manager, List<Tokens> sentences, int layer) {
    List<int[]> ids = sentences.stream().map(this::ids).toList();
    try (NDManager step = manager.newSubManager()) {
      NDArray x = embedding.apply(step, Rows.ids(step, ids)); // (N, T, D)
      int t = (int) x.getShape().get(1);
      NDArray mask = mask(step, t, Rows.paddingMask(step, ends(sentences), ids.size(), t));
      x = layers.upTo(x, layer, mask);
      x.attach(manager);
      return x;
    }
  }

  @Override
  public NDArray suffix(NDArray hidden, List<Tokens> sentences, int layer) {
    NDManager step = hidden.getManager();
    int[] ends = ends(sentences);
    int[] pooled = sentences.stream().mapToInt(this::pooled).toArray();
    int visible = Arrays.stream(ends).max().orElse(0);
    int rows = (int) hidden.getShape().get(0);
    NDArray x = hidden.get(new NDIndex(":, 0:{}", visible));
    NDArray padding = Rows.paddingMask(step, ends, rows, visible);
    UnaryOperator<NDArray> pick = pick(step, pooled, rows, visible);
    return head.apply(layers.after(x, layer, pick, mask(step, visible, padding), padding));
  }

  @Override
  public NDArray tapped(NDArray hidden, Tokens tokens, int layer, Tap tap) {
    NDArray mask = mask(hidden.getManager(), (int) hidden.getShape().get(1), null);
    NDArray x = layers.tapped(hidden, layer, mask, tap);
    return head.apply(x.get(":, {}", pooled(tokens)));
  }

  @Override
  public int pooled(Tokens tokens) {
    return reading.pooled().applyAsInt(ids(tokens));
  }

  @Override
  public double suffixFlops(int layer, int tokens) {
    return layers.flopsAfter(layer, reading.padding() == null ? tokens : context()) + headFlops;
  }

  /** Returns the ids as the model reads them. */
  private int[] ids(Tokens tokens) {
    int[] ids = tokens.ids();
    embedding.requireFits(ids.length);
    if (reading.padding() == null || ids.length == context()) {
      return ids;
    }
    int[] padded = Arrays.copyOf(ids, context());
    Arrays.fill(padded, ids.length, padded.length, reading.padding());
    return padded;
  }

  /** Returns, for each sentence, the index after the last token visible to the pooled one. */
  private int[] ends(List<Tokens> sentences) {
    return sentences.stream()
        .mapToInt(s -> reading.causal() ? pooled(s) + 1 : ids(s).length)
        .toArray();
  }

  /**
   * @param own result of {@link Rows#behind}
   */
  private NDArray mask(NDManager manager, int t, NDArray padding) {
    if (reading.causal()) {
      return causalMask.get(manager, new NDIndex("0:{}, 0:{}", t, t));
    }
    return padding == null ? null : padding.expandDims(1); // (B, 1, 1, T)
  }

  /** Selects each row's pooled token: (B, T, D) to (B, 1, D). */
  private static UnaryOperator<NDArray> pick(NDManager manager, int[] pooled, int rows, int t) {
    if (Arrays.stream(pooled).allMatch(at -> at == pooled[0])) {
      return x -> x.get(":, {}:{}", pooled[0], pooled[0] + 1);
    }
    float[] chosen = new float[rows * t];
    for (int row = 0; row < rows; row++) {
      chosen[row * t + pooled[row / (rows / pooled.length)]] = 1;
    }
    NDArray rowsOfOne = manager.create(chosen, new Shape(rows, 1, t));
    return rowsOfOne::matMul;
  }

  /** Returns 0 on and below the diagonal, minus infinity above. */
  private static NDArray causalMask(NDManager manager, int n) {
    float[] mask = new float[n * n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(mask, i * n + i + 1, (i + 1) * n, Float.NEGATIVE_INFINITY);
    }
    return manager.create(mask, new Shape(n, n));
  }
}
