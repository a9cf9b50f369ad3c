package org.m2ib.clip.families.huggingface;

import java.util.stream.IntStream;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;

/** Loads the layers of CLIPEncoder and SiglipEncoder by their names. */
final class HfLayers {
  static final LayerNames IMAGE =
      LayerNames.of(
          "visual_projection\\.|vision_model\\.(post_layernorm|head)\\.",
          "vision_model\\.encoder\\.layers\\.(\\d+)\\.",
          "vision_model\\.(embeddings|pre_layrnorm)\\.");

  static final LayerNames TEXT =
      LayerNames.of(
          "text_projection\\.|text_model\\.(final_layer_norm|head)\\.",
          "text_model\\.encoder\\.layers\\.(\\d+)\\.",
          "text_model\\.embeddings\\.");

  private HfLayers() {}

  /**
   * @param tower name of the tower, for example {@code vision_model}
   */
  static Layers load(Weights weights, String tower, HfConfig.Tower config) {
    return new Layers(
        new Layers.Form(config.heads(), config.activation(), true),
        IntStream.range(0, config.layers())
            .mapToObj(i -> layer(weights, tower + ".encoder.layers." + i, config))
            .toList());
  }

  private static Layers.Parts layer(Weights weights, String name, HfConfig.Tower config) {
    int d = config.width();
    return new Layers.Parts(
        LayerNorm.load(weights, name + ".layer_norm1", d, config.epsilon()),
        LayerNorm.load(weights, name + ".layer_norm2", d, config.epsilon()),
        Linear.load(weights, name + ".self_attn.q_proj", d, d),
        Linear.load(weights, name + ".self_attn.k_proj", d, d),
        Linear.load(weights, name + ".self_attn.v_proj", d, d),
        Linear.load(weights, name + ".self_attn.out_proj", d, d),
        Linear.load(weights, name + ".mlp.fc1", config.mlpWidth(), d),
        Linear.load(weights, name + ".mlp.fc2", d, config.mlpWidth()));
  }
}
