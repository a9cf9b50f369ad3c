package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.m2ib.clip.ConfigKeys;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.families.bert.BertTower;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.engine.Autograd;

/**
 * MedCLIP's layout (arXiv 2210.10163): a Swin transformer or torchvision's ResNet with
 * BioClinicalBERT. There is no configuration; the tensors' shapes define the model.
 */
public final class MedClip {
  private static final String IMAGE_MODEL = "vision_model.model.";
  private static final String TEXT_MODEL = "text_model.model.";
  private static final String TEXT_HEAD = "text_model.projection_head";
  private static final String IMAGE_HEAD = "vision_model.projection_head";

  /** MedCLIP's mean and standard deviation of the single grey channel. */
  private static final double MEAN = 0.5862785803043838;

  private static final double STD = 0.27950088968644304;

  private static final int IMAGE_SIZE = 224;
  private static final int CONTEXT = 77;

  private static final ConfigKeys KEYS =
      ConfigKeys.ofTransformers()
          .any("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers")
          .any("max_position_embeddings", "type_vocab_size", "vocab_size", "image_size")
          .any("attention_probs_dropout_prob", "hidden_dropout_prob", "classifier_dropout")
          .any("directionality", "pooler_fc_size", "pooler_num_attention_heads")
          .any("pooler_num_fc_layers", "pooler_size_per_head", "pooler_type")
          .only("hidden_act", "gelu")
          .only("layer_norm_eps", "1.0E-12")
          .only("position_embedding_type", "absolute");

  private MedClip() {}

  /** Returns whether a checkpoint has this layout. */
  public static boolean recognises(TensorSource source) {
    return source.tensors().contains(TEXT_HEAD + ".weight");
  }

  /**
   * Returns MedCLIP's transform, which is not in any file of the layout: pad to a black square
   * first.
   */
  public static ObjectNode preprocessing(int imageSize) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("do_pad_square", true).put("size", imageSize).put("crop_size", imageSize);
    json.putArray("image_mean").add(MEAN).add(MEAN).add(MEAN);
    json.putArray("image_std").add(STD).add(STD).add(STD);
    return json;
  }

  /**
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @param config BERT's config.json, for what the tensors do not tell: num_attention_heads, by
   *     default one per 64 of the width, and image_size, by default 224
   * @throws ModelException if they do not form a model
   */
  public static Towers load(TensorSource source, NDManager manager, JsonNode config) {
    KEYS.check(ModelFolder.CONFIG, "", config);
    int imageSize = config.path("image_size").asInt(IMAGE_SIZE);
    Weights weights = new Weights(source, manager, "the layout");
    ImageEncoder image =
        weights.has(IMAGE_HEAD + ".weight")
            ? Swin.load(weights, IMAGE_MODEL, IMAGE_HEAD, imageSize)
            : resNet(weights, imageSize);
    TextEncoder text = text(weights, config.path("num_attention_heads"));
    weights.ignore("logit_scale"); // the training temperature, which a cosine does not need
    return new Towers(image, text, weights.finish());
  }

  /**
   * Returns the tensors in the order of the layers, see {@link LayerNames#groups}.
   *
   * @param tensors names of a checkpoint that {@link #load} accepts
   */
  public static List<Set<String>> layerGroups(Set<String> tensors) {
    return LayerNames.groups(
        tensors,
        tensors.contains(IMAGE_HEAD + ".weight")
            ? Swin.names(IMAGE_MODEL, IMAGE_HEAD)
            : TorchvisionResNet.names(IMAGE_MODEL, Pattern.quote(IMAGE_MODEL + "fc.")),
        BertTower.names(TEXT_MODEL, TEXT_HEAD));
  }

  private static ImageEncoder resNet(Weights weights, int imageSize) {
    String head = IMAGE_MODEL + "fc";
    int space = weights.size(head + ".weight", 2, 0);
    return TorchvisionResNet.load(
        weights,
        IMAGE_MODEL,
        TorchvisionResNet.Input.of(imageSize),
        channels -> Linear.withoutBias(weights, head, space, channels));
  }

  /** Pools the outputs of the first, the second and the last layer and projects the sum. */
  private static TextEncoder text(Weights weights, JsonNode heads) {
    int d = weights.size(TEXT_MODEL + "embeddings.word_embeddings.weight", 2, 1);
    int space = weights.size(TEXT_HEAD + ".weight", 2, 0);
    Layers layers = BertTower.layers(weights, TEXT_MODEL, heads.asInt(Layers.Form.heads(d)));
    Set<Integer> pooled = Set.copyOf(List.of(0, 1, layers.count() - 1));
    Linear projection = Linear.withoutBias(weights, TEXT_HEAD, space, d);
    return new MeanText(
        BertTower.embedding(weights, TEXT_MODEL, CONTEXT),
        layers,
        pooled,
        new TextTransformer.Head(
            x -> projection.apply(x.mul(Autograd.constant(x, 1f / pooled.size()))),
            2.0 * d * space));
  }
}
