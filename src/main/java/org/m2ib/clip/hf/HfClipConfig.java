package org.m2ib.clip.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.m2ib.clip.ModelException;

/**
 * What a Hugging Face CLIP config.json says. A key that is left out has the value that the format
 * gives it, that of ViT-B/32.
 *
 * @param projection projection_dim, the common space
 * @param patch patch_size
 * @param image image_size
 * @param vocabulary vocab_size
 * @param context max_position_embeddings
 * @param endToken eos_token_id; 2 in older files, where the highest id is the end token
 */
record HfClipConfig(
    TowerConfig vision,
    TowerConfig text,
    int projection,
    int patch,
    int image,
    int vocabulary,
    int context,
    int endToken) {
  private static final String FILE = "config.json";

  static HfClipConfig read(JsonNode config) {
    JsonNode vision = section(config, "vision_config");
    JsonNode text = section(config, "text_config");
    int patch = size(vision, "vision_config", "patch_size", 32);
    int image = size(vision, "vision_config", "image_size", 224);
    if (image < patch) {
      throw new ModelException(
          FILE, "vision_config.image_size " + image + " is below patch_size " + patch);
    }
    if (vision.path("num_channels").asInt(3) != 3) {
      throw new ModelException(FILE, "vision_config.num_channels is not 3");
    }
    return new HfClipConfig(
        tower(vision, "vision_config", 768, 12, 3072),
        tower(text, "text_config", 512, 8, 2048),
        size(config, "", "projection_dim", 512),
        patch,
        image,
        size(text, "text_config", "vocab_size", 49408),
        size(text, "text_config", "max_position_embeddings", 77),
        text.path("eos_token_id").asInt(49407));
  }

  private static TowerConfig tower(
      JsonNode json, String section, int width, int heads, int mlpWidth) {
    TowerConfig tower =
        new TowerConfig(
            size(json, section, "hidden_size", width),
            size(json, section, "num_hidden_layers", 12),
            size(json, section, "num_attention_heads", heads),
            size(json, section, "intermediate_size", mlpWidth),
            activation(json, section),
            (float) json.path("layer_norm_eps").asDouble(1e-5));
    if (tower.width() % tower.heads() != 0) {
      throw new ModelException(
          FILE,
          section
              + ".hidden_size "
              + tower.width()
              + " is no multiple of num_attention_heads "
              + tower.heads());
    }
    return tower;
  }

  /** The section, with the older {@code ..._dict} copy over it, which wins where both are. */
  private static JsonNode section(JsonNode config, String name) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (String key : new String[] {name, name + "_dict"}) {
      JsonNode part = config.path(key);
      if (part.isObject()) {
        merged.setAll((ObjectNode) part);
      } else if (!part.isMissingNode() && !part.isNull()) {
        throw new ModelException(FILE, key + " is no object");
      }
    }
    return merged;
  }

  private static Activation activation(JsonNode json, String section) {
    String name = json.path("hidden_act").asText("quick_gelu");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "gelu" -> Activation.GELU;
      default ->
          throw new ModelException(
              FILE, section + ".hidden_act '" + name + "' is neither quick_gelu nor gelu");
    };
  }

  private static int size(JsonNode json, String section, String key, int otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > 10_000_000) {
      throw new ModelException(
          FILE, (section.isEmpty() ? "" : section + ".") + key + " = " + value + " is no size");
    }
    return value.asInt();
  }
}
