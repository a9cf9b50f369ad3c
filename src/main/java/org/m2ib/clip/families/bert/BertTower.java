package org.m2ib.clip.families.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;

/**
 * Hugging Face's BertModel (arXiv 1810.04805), pooled at its first token, [CLS]. All tokens belong
 * to the first sentence, so that row of the type table is added to the positions.
 */
public final class BertTower {
  private static final float EPSILON = 1e-12f;

  private BertTower() {}

  /**
   * @param prefix prefix of the tensor names
   * @param head beginning of the projection's tensor names
   */
  public static LayerNames names(String prefix, String head) {
    String bert = Pattern.quote(prefix);
    return LayerNames.of(
        bert + "pooler\\.|" + Pattern.quote(head),
        bert + "encoder\\.layer\\.(\\d+)\\.",
        bert + "embeddings\\.");
  }

  /**
   * Loads the whole tower.
   *
   * @param prefix prefix of the tensor names, for example {@code text.transformer.}
   * @param context maximum tokens of a sentence; the position table may be longer
   * @param head head applied to the pooled token
   * @param manager owns what is created in addition to the weights
   * @throws org.m2ib.clip.ModelException if a tensor is missing or has another shape
   */
  public static TextEncoder load(
      Weights weights,
      String prefix,
      int heads,
      int context,
      TextTransformer.Head head,
      NDManager manager) {
    return new TextTransformer(
        embedding(weights, prefix, context),
        new TextTransformer.Reading(false, ids -> 0, null),
        layers(weights, prefix, heads),
        head,
        manager);
  }

  /** Loads the embedding. */
  public static TextTransformer.Embedding embedding(Weights weights, String prefix, int context) {
    String name = prefix + "embeddings.";
    int vocabulary = weights.size(name + "word_embeddings.weight", 2, 0);
    int d = weights.size(name + "word_embeddings.weight", 2, 1);
    int rows = weights.size(name + "position_embeddings.weight", 2, 0);
    int types = weights.size(name + "token_type_embeddings.weight", 2, 0);
    weights.ignore(name + "position_ids"); // saved constants
    weights.ignore(name + "token_type_ids");
    weights.ignore(prefix + "pooler.dense.weight"); // belong to another kind of pooling
    weights.ignore(prefix + "pooler.dense.bias");
    NDArray tokens = weights.take(name + "word_embeddings.weight", vocabulary, d);
    NDArray positions = weights.take(name + "position_embeddings.weight", rows, d);
    NDArray type = weights.take(name + "token_type_embeddings.weight", types, d);
    return new TextTransformer.Embedding(
        tokens,
        positions.get(new NDIndex("0:{}", Math.min(rows, context))).add(type.get(0)),
        LayerNorm.load(weights, name + "LayerNorm", d, EPSILON));
  }

  /** Loads the layers. */
  public static Layers layers(Weights weights, String prefix, int heads) {
    String name = prefix + "encoder.layer.";
    int d = weights.size(name + "0.output.dense.weight", 2, 0);
    return new Layers(
        new Layers.Form(heads, Activation.GELU, false),
        IntStream.range(0, weights.count(name))
            .mapToObj(i -> layer(weights, name + i + ".", d))
            .toList());
  }

  private static Layers.Parts layer(Weights weights, String name, int d) {
    int m = weights.size(name + "intermediate.dense.weight", 2, 0);
    return new Layers.Parts(
        LayerNorm.load(weights, name + "attention.output.LayerNorm", d, EPSILON),
        LayerNorm.load(weights, name + "output.LayerNorm", d, EPSILON),
        Linear.load(weights, name + "attention.self.query", d, d),
        Linear.load(weights, name + "attention.self.key", d, d),
        Linear.load(weights, name + "attention.self.value", d, d),
        Linear.load(weights, name + "attention.output.dense", d, d),
        Linear.load(weights, name + "intermediate.dense", m, d),
        Linear.load(weights, name + "output.dense", d, m));
  }
}
