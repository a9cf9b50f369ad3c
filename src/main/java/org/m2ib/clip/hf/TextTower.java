package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Weights;

/**
 * Hugging Face's CLIPTextTransformer with its projection: causal, pooled at the end token. Nothing
 * attends to what comes later, so padding would change no value and is left out.
 */
final class TextTower implements TextEncoder {
  /**
   * Older config.json files say 2 whatever the vocabulary; the end token then has the highest id.
   */
  private static final int LEGACY_END_TOKEN = 2;

  private final HfClipConfig config;
  private final NDArray tokenEmbedding;
  private final NDArray positionEmbedding;
  private final NDArray causalMask;
  private final Layers layers;
  private final LayerNorm finalNorm;
  private final Linear projection;

  TextTower(Weights weights, HfClipConfig config, NDManager manager) {
    TowerConfig tower = config.text();
    int d = tower.width();
    int n = config.context();
    this.config = config;
    this.tokenEmbedding =
        weights.take("text_model.embeddings.token_embedding.weight", config.vocabulary(), d);
    this.positionEmbedding = weights.take("text_model.embeddings.position_embedding.weight", n, d);
    weights.ignore("text_model.embeddings.position_ids"); // 0, 1, 2, ...: a saved constant
    this.layers = new Layers(weights, "text_model", tower);
    this.finalNorm = LayerNorm.load(weights, "text_model.final_layer_norm", tower);
    this.projection = Linear.withoutBias(weights, "text_projection", config.projection(), d);
    this.causalMask = causalMask(manager, n);
  }

  @Override
  public int layers() {
    return layers.count();
  }

  @Override
  public int width() {
    return config.text().width();
  }

  @Override
  public int context() {
    return config.context();
  }

  @Override
  public int vocabulary() {
    return config.vocabulary();
  }

  /** Shorter sentences are filled up with what no earlier token can see. */
  @Override
  public NDArray front(NDManager manager, List<Tokens> sentences, int layer) {
    int n = sentences.size();
    int t = sentences.stream().mapToInt(Tokens::size).max().orElse(0);
    int[] ids = new int[n * t];
    for (int i = 0; i < n; i++) {
      int[] sentence = sentences.get(i).ids();
      requireSize(sentence.length);
      System.arraycopy(sentence, 0, ids, i * t, sentence.length);
    }
    try (NDManager step = manager.newSubManager()) {
      NDArray index = step.create(ids, new Shape(n, t)).toType(DataType.INT64, false);
      NDArray x = tokenEmbedding.get(step, new NDIndex("{}", index)); // (N, T, D)
      x = x.add(positionEmbedding.get(step, new NDIndex("0:{}", t)));
      x = layers.upTo(x, layer, mask(step, t));
      x.attach(manager);
      return x;
    }
  }

  @Override
  public NDArray back(NDArray hidden, List<Tokens> sentences, int layer) {
    int[] ends = sentences.stream().mapToInt(s -> endToken(s.ids())).toArray();
    int seen = Arrays.stream(ends).max().orElse(0) + 1; // an end token attends to nothing later
    NDArray x = hidden.get(new NDIndex(":, 0:{}", seen));
    NDArray mask = mask(hidden.getManager(), seen);
    NDArray pooled =
        Arrays.stream(ends).allMatch(end -> end == seen - 1)
            ? layers.after(x, layer, y -> y.get(":, {}:{}", seen - 1, seen), mask, null)
            : uneven(x, layer, ends, mask);
    return projection.apply(finalNorm.apply(pooled));
  }

  /** Sentences of different lengths: each row has its own end token. */
  private NDArray uneven(NDArray x, int layer, int[] ends, NDArray mask) {
    int rows = (int) x.getShape().get(0);
    int t = (int) x.getShape().get(1);
    float[] end = new float[rows * t];
    float[] later = new float[rows * t];
    for (int row = 0; row < rows; row++) {
      int at = row * t + ends[row / (rows / ends.length)];
      end[at] = 1;
      Arrays.fill(later, at + 1, (row + 1) * t, Float.NEGATIVE_INFINITY);
    }
    NDArray chosen = x.getManager().create(end, new Shape(rows, 1, t));
    NDArray own = x.getManager().create(later, new Shape(rows, 1, t));
    return layers.after(x, layer, chosen::matMul, mask, own);
  }

  @Override
  public double backFlops(int layer, int tokens) {
    return layers.flopsAfter(layer, tokens) + 2.0 * width() * config.projection();
  }

  private void requireSize(int n) {
    if (n < 1 || n > context()) {
      throw new IllegalArgumentException(n + " tokens; the model takes 1 to " + context());
    }
  }

  private int endToken(int[] ids) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      if (config.endToken() != LEGACY_END_TOKEN && ids[i] == config.endToken()) {
        return i;
      }
      highest = ids[i] > ids[highest] ? i : highest;
    }
    if (config.endToken() != LEGACY_END_TOKEN) {
      throw new IllegalArgumentException(
          "no token has the end token's id " + config.endToken() + " (eos_token_id)");
    }
    return highest;
  }

  private NDArray mask(NDManager manager, int n) {
    return causalMask.get(manager, new NDIndex("0:{}, 0:{}", n, n));
  }

  /** 0 on and below the diagonal, minus infinity above. */
  private static NDArray causalMask(NDManager manager, int n) {
    float[] mask = new float[n * n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(mask, i * n + i + 1, (i + 1) * n, Float.NEGATIVE_INFINITY);
    }
    return manager.create(mask, new Shape(n, n));
  }
}
