package org.m2ib.clip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.m2ib.clip.families.huggingface.HfClip;
import org.m2ib.clip.families.huggingface.HfSiglip;
import org.m2ib.clip.families.medclip.Gloria;
import org.m2ib.clip.families.medclip.MedClip;
import org.m2ib.clip.families.openai.OpenAiClip;
import org.m2ib.clip.families.openclip.OpenClip;

/** Loads a golden's model by its family's loader. */
final class Published {
  private Published() {}

  /**
   * @param config sizes of the model
   * @param files files published with the checkpoint, by name
   */
  static Towers towers(JsonNode config, JsonNode files, TensorSource weights, NDManager manager) {
    return switch (config.get("family").asText()) {
      case "clip" -> HfClip.load(files.get("config.json"), weights, manager);
      case "siglip" -> HfSiglip.load(files.get("config.json"), weights, manager);
      case "openai-vit", "openai-resnet" -> OpenAiClip.load(weights, manager);
      case "openclip-vit", "openclip-siglip", "biomedclip" ->
          OpenClip.load(
              files.get("open_clip_config.json"),
              vocabulary -> config.get("padding").asInt(),
              weights,
              manager);
      case "medclip-swin", "medclip-resnet" -> MedClip.load(weights, manager, medClip(config));
      case "gloria" -> Gloria.load(weights, manager);
      default -> throw new IllegalArgumentException(config.get("family").asText());
    };
  }

  /** BERT's config.json, as far as it is read. */
  static ObjectNode medClip(JsonNode config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("image_size", config.at("/vision/image"));
    json.set("num_attention_heads", config.at("/text/heads"));
    return json;
  }
}
