package org.m2ib.clip.families.huggingface;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.ClassToken;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.clip.layers.VisionTransformer;

/** Hugging Face's CLIPModel: OpenAI CLIP, PubMedCLIP, PLIP and similar models. */
public final class HfClip {
  /** Older config.json files always say 2; the end token then has the highest id. */
  private static final int LEGACY_END_TOKEN = 2;

  private HfClip() {}

  /**
   * @param config config.json
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if config and tensors do not form a model
   */
  public static Towers load(JsonNode config, TensorSource source, NDManager manager) {
    HfConfig sizes = HfConfig.clip(config);
    Weights weights = new Weights(source, manager, HfConfig.FILE);
    ImageEncoder image = image(weights, sizes);
    TextEncoder text = text(weights, sizes, manager);
    weights.ignore("logit_scale"); // the training temperature, which a cosine does not need
    return new Towers(image, text, weights.finish());
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
    weights.ignore(name + "position_ids"); // 0, 1, 2, ...: a saved constant
    return new VisionTransformer(
        new VisionTransformer.Embedding(
            config.image(),
            p,
            weights.take(name + "patch_embedding.weight", d, 3, p, p),
            null,
            weights.take(name + "class_embedding", d),
            weights.take(name + "position_embedding.weight", 1 + grid * grid, d),
            norm(weights, "vision_model.pre_layrnorm", tower)), // sic
        HfLayers.load(weights, "vision_model", tower),
        new ClassToken(
            norm(weights, "vision_model.post_layernorm", tower),
            Linear.withoutBias(weights, "visual_projection", config.projection(), d)));
  }

  private static TextTransformer text(Weights weights, HfConfig config, NDManager manager) {
    HfConfig.Tower tower = config.text();
    String name = "text_model.embeddings.";
    int d = tower.width();
    weights.ignore(name + "position_ids"); // 0, 1, 2, ...: a saved constant
    NDArray tokens = weights.take(name + "token_embedding.weight", config.vocabulary(), d);
    NDArray positions = weights.take(name + "position_embedding.weight", config.context(), d);
    Layers layers = HfLayers.load(weights, "text_model", tower);
    return new TextTransformer(
        new TextTransformer.Embedding(tokens, positions, null),
        new TextTransformer.Reading(true, ids -> endToken(ids, config.endToken()), null),
        layers,
        TextTransformer.Head.of(
            norm(weights, "text_model.final_layer_norm", tower),
            Linear.withoutBias(weights, "text_projection", config.projection(), d)),
        manager);
  }

  private static LayerNorm norm(Weights weights, String name, HfConfig.Tower tower) {
    return LayerNorm.load(weights, name, tower.width(), tower.epsilon());
  }

  private static int endToken(int[] ids, int endToken) {
    int highest = 0;
    for (int i = 0; i < ids.length; i++) {
      if (endToken != LEGACY_END_TOKEN && ids[i] == endToken) {
        return i;
      }
      highest = ids[i] > ids[highest] ? i : highest;
    }
    if (endToken != LEGACY_END_TOKEN) {
      throw new IllegalArgumentException(
          "no token has the id of the end token, " + endToken + " (eos_token_id)");
    }
    return highest;
  }
}
