package org.m2ib.clip.families.huggingface;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.Sigmoid;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.AttentionPool;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.clip.layers.VisionTransformer;
import org.m2ib.clip.tokenizers.TokenizerJson;

/**
 * Hugging Face's SiglipModel: SigLIP (arXiv 2303.15343), MedSigLIP. A sentence is padded to the
 * context, and its last position is pooled, whatever token it holds.
 */
public final class HfSiglip {
  /** Padding token of SigLIP's own tokeniser; SigLIP 2's has another. */
  private static final int PADDING = 1;

  private HfSiglip() {}

  /**
   * @param folder folder with config.json and the tokeniser, which names the padding token
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if config, tokeniser and tensors do not form a model
   */
  public static Towers load(ModelFolder folder, TensorSource source, NDManager manager) {
    HfConfig sizes = HfConfig.siglip(folder.json(HfConfig.FILE));
    TokenizerJson tokenizer = TokenizerJson.of(folder, sizes.vocabulary());
    return load(sizes, tokenizer.requirePadding(folder), source, manager);
  }

  /** The same, with SigLIP's own padding token. */
  public static Towers load(JsonNode config, TensorSource source, NDManager manager) {
    return load(HfConfig.siglip(config), PADDING, source, manager);
  }

  private static Towers load(HfConfig sizes, int padding, TensorSource source, NDManager manager) {
    Weights weights = new Weights(source, manager, HfConfig.FILE);
    ImageEncoder image = image(weights, sizes);
    TextEncoder text = text(weights, sizes, padding, manager);
    Sigmoid sigmoid = new Sigmoid(weights.number("logit_scale"), weights.number("logit_bias"));
    return new Towers(image, text, Optional.of(sigmoid), weights.finish());
  }

  /**
   * Returns the tensors in the order of the layers, see {@link LayerNames#groups}.
   *
   * @param tensors names of a checkpoint that {@link #load} accepts
   */
  public static List<Set<String>> layerGroups(Set<String> tensors) {
    return LayerNames.groups(tensors, HfLayers.IMAGE, HfLayers.TEXT);
  }

  private static VisionTransformer image(Weights weights, HfConfig config) {
    HfConfig.Tower tower = config.vision();
    String name = "vision_model.embeddings.";
    int d = tower.width();
    int p = config.patch();
    int grid = config.image() / p;
    if (config.projection() != d) {
      throw new ModelException(
          HfConfig.FILE,
          "text_config.projection_size "
              + config.projection()
              + " is not vision_config.hidden_size "
              + d);
    }
    weights.ignore(name + "position_ids"); // 0, 1, 2, ...: a saved constant
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            config.image(),
            p,
            weights.take(name + "patch_embedding.weight", d, 3, p, p),
            weights.take(name + "patch_embedding.bias", d),
            null,
            weights.take(name + "position_embedding.weight", grid * grid, d),
            null),
        HfLayers.load(weights, "vision_model", tower),
        head(weights, "vision_model.head", tower));
  }

  private static AttentionPool head(Weights weights, String name, HfConfig.Tower tower) {
    int d = tower.width();
    String attention = name + ".attention.";
    LayerNorm norm = LayerNorm.load(weights, "vision_model.post_layernorm", d, tower.epsilon());
    NDArray probe = weights.take(name + ".probe", 1, 1, d).reshape(1, d);
    List<Linear> qkv =
        Linear.stacked(weights, attention + "in_proj_weight", attention + "in_proj_bias", 3, d, d);
    return new AttentionPool(
        norm,
        probe,
        new Layers.Form(tower.heads(), tower.activation(), true),
        new Layers.Parts(
            null,
            LayerNorm.load(weights, name + ".layernorm", d, tower.epsilon()),
            qkv.get(0),
            qkv.get(1),
            qkv.get(2),
            Linear.load(weights, attention + "out_proj", d, d),
            Linear.load(weights, name + ".mlp.fc1", tower.mlpWidth(), d),
            Linear.load(weights, name + ".mlp.fc2", d, tower.mlpWidth())));
  }

  private static TextTransformer text(
      Weights weights, HfConfig config, int padding, NDManager manager) {
    HfConfig.Tower tower = config.text();
    String name = "text_model.embeddings.";
    int d = tower.width();
    weights.ignore(name + "position_ids");
    return new TextTransformer(
        new TextTransformer.Embedding(
            weights.take(name + "token_embedding.weight", config.vocabulary(), d),
            weights.take(name + "position_embedding.weight", config.context(), d),
            null),
        new TextTransformer.Reading(false, ids -> ids.length - 1, padding),
        HfLayers.load(weights, "text_model", tower),
        TextTransformer.Head.of(
            LayerNorm.load(weights, "text_model.final_layer_norm", d, tower.epsilon()),
            Linear.load(weights, "text_model.head", config.projection(), d)),
        manager);
  }
}
