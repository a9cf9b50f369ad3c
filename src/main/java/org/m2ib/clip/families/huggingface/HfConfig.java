package org.m2ib.clip.families.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.m2ib.clip.ConfigKeys;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.layers.Activation;

/**
 * A Hugging Face config.json. Missing keys have the format's defaults, those of ViT-B.
 *
 * @param projection dimension of the joint embedding space: projection_dim, or
 *     text_config.projection_size
 * @param patch patch_size
 * @param image image_size
 * @param vocabulary vocab_size
 * @param context max_position_embeddings
 * @param endToken eos_token_id; 2 in older files, where the highest id is the end token
 */
record HfConfig(
    Tower vision,
    Tower text,
    int projection,
    int patch,
    int image,
    int vocabulary,
    int context,
    int endToken) {
  static final String FILE = "config.json";

  /**
   * Sizes of one tower.
   *
   * @param width hidden_size
   * @param layers num_hidden_layers
   * @param heads num_attention_heads; divides the width
   * @param mlpWidth intermediate_size
   * @param activation hidden_act
   * @param epsilon layer_norm_eps
   */
  record Tower(
      int width, int layers, int heads, int mlpWidth, Activation activation, float epsilon) {}

  /** A format's defaults for missing keys. */
  private record Defaults(
      int patch, int textWidth, int textHeads, int vocabulary, int context, Tower form) {
    static final Defaults CLIP = new Defaults(32, 512, 8, 49408, 77, form("quick_gelu", 1e-5f));
    static final Defaults SIGLIP =
        new Defaults(16, 768, 12, 32000, 64, form("gelu_pytorch_tanh", 1e-6f));

    private static Tower form(String activation, float epsilon) {
      return new Tower(768, 12, 12, 3072, Activation.of(activation).orElseThrow(), epsilon);
    }
  }

  private static final ConfigKeys WHOLE =
      ConfigKeys.ofTransformers()
          .any("logit_scale_init_value", "text_config", "vision_config")
          .any("text_config_dict", "vision_config_dict");

  private static final ConfigKeys TOWER =
      ConfigKeys.ofTransformers()
          .any("hidden_act", "hidden_size", "intermediate_size", "layer_norm_eps")
          .any("num_attention_heads", "num_hidden_layers", "projection_size")
          .any("image_size", "num_channels", "patch_size")
          .any("max_position_embeddings", "vocab_size")
          .only("vision_use_head", "true");

  static HfConfig clip(JsonNode config) {
    return read(config, Defaults.CLIP, size(config, "", "projection_dim", 512));
  }

  static HfConfig siglip(JsonNode config) {
    JsonNode text = section(config, "text_config");
    int width = size(text, "text_config", "hidden_size", Defaults.SIGLIP.textWidth());
    return read(config, Defaults.SIGLIP, size(text, "text_config", "projection_size", width));
  }

  private static HfConfig read(JsonNode config, Defaults otherwise, int projection) {
    JsonNode vision = section(config, "vision_config");
    JsonNode text = section(config, "text_config");
    WHOLE.check(FILE, "", config);
    TOWER.check(FILE, "vision_config.", vision);
    TOWER.check(FILE, "text_config.", text);
    int patch = size(vision, "vision_config", "patch_size", otherwise.patch());
    int image = size(vision, "vision_config", "image_size", 224);
    if (image < patch) {
      throw new ModelException(
          FILE, "vision_config.image_size " + image + " is below patch_size " + patch);
    }
    if (vision.path("num_channels").asInt(3) != 3) {
      throw new ModelException(FILE, "vision_config.num_channels is not 3");
    }
    Tower form = otherwise.form();
    int width = otherwise.textWidth();
    Tower textForm =
        new Tower(width, 12, otherwise.textHeads(), 4 * width, form.activation(), form.epsilon());
    return new HfConfig(
        tower(vision, "vision_config", form),
        tower(text, "text_config", textForm),
        projection,
        patch,
        image,
        size(text, "text_config", "vocab_size", otherwise.vocabulary()),
        size(text, "text_config", "max_position_embeddings", otherwise.context()),
        text.path("eos_token_id").asInt(49407));
  }

  private static Tower tower(JsonNode json, String section, Tower otherwise) {
    Tower tower =
        new Tower(
            size(json, section, "hidden_size", otherwise.width()),
            size(json, section, "num_hidden_layers", otherwise.layers()),
            size(json, section, "num_attention_heads", otherwise.heads()),
            size(json, section, "intermediate_size", otherwise.mlpWidth()),
            activation(json, section, otherwise.activation()),
            (float) json.path("layer_norm_eps").asDouble(otherwise.epsilon()));
    if (tower.width() % tower.heads() != 0) {
      throw new ModelException(
          FILE,
          section
              + ".hidden_size "
              + tower.width()
              + " is not a multiple of num_attention_heads "
              + tower.heads());
    }
    return tower;
  }

  /** Returns a section merged with the older {@code ..._dict} copy, which takes precedence. */
  private static JsonNode section(JsonNode config, String name) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (String key : new String[] {name, name + "_dict"}) {
      JsonNode part = config.path(key);
      if (part.isObject()) {
        merged.setAll((ObjectNode) part);
      } else if (!part.isMissingNode() && !part.isNull()) {
        throw new ModelException(FILE, key + " is not an object");
      }
    }
    return merged;
  }

  private static Activation activation(JsonNode json, String section, Activation otherwise) {
    String name = json.path("hidden_act").asText(otherwise.name());
    return Activation.of(name)
        .orElseThrow(
            () ->
                new ModelException(
                    FILE,
                    section
                        + ".hidden_act '"
                        + name
                        + "' must be quick_gelu, gelu or gelu_pytorch_tanh"));
  }

  private static int size(JsonNode json, String section, String key, int otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > 10_000_000) {
      throw new ModelException(
          FILE,
          (section.isEmpty() ? "" : section + ".") + key + " = " + value + " is not a valid size");
    }
    return value.asInt();
  }
}
