package org.m2ib.clip.families.openclip;

import com.fasterxml.jackson.databind.JsonNode;
import org.m2ib.clip.ConfigKeys;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.layers.Activation;

/** An open_clip_config.json with open_clip's defaults for missing keys. */
final class OpenClipConfig {
  static final String FILE = "open_clip_config.json";

  /** Default of OpenAI and open_clip; norm_kwargs can override it. */
  private static final float EPSILON = 1e-5f;

  private static final int MOST = 10_000_000;

  /**
   * Keys whose values are given by the tensors, or matter only in training, are accepted and
   * ignored.
   */
  private static final ConfigKeys WHOLE = new ConfigKeys().any("model_cfg", "preprocess_cfg");

  private static final ConfigKeys MODEL =
      new ConfigKeys()
          .any("embed_dim", "vision_cfg", "text_cfg", "quick_gelu", "custom_text")
          .any("init_logit_scale", "init_logit_bias", "nonscalar_logit_scale");

  private static final ConfigKeys VISION =
      new ConfigKeys()
          .any("image_size", "patch_size", "width", "layers", "head_width", "mlp_ratio")
          .any("patch_dropout", "attn_pooler_queries", "attn_pooler_heads")
          .any("timm_model_name", "timm_model_pretrained", "timm_pool", "timm_proj")
          .any("timm_drop", "timm_drop_path", "act_kwargs", "norm_kwargs")
          .only("pool_type", "tok")
          .only("pos_embed_type", "learnable")
          .only("block_type", "default")
          .off("attentional_pool", "no_ln_pre", "final_ln_after_pool", "output_tokens")
          .off("input_patchnorm", "global_average_pool", "timm_proj_bias")
          .off("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn")
          .off("scale_fc");

  private static final ConfigKeys TEXT =
      new ConfigKeys()
          .any("context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio")
          .any("hf_tokenizer_name", "tokenizer_kwargs", "pad_id", "eos_id")
          .any("hf_model_name", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type")
          .any("act_kwargs", "norm_kwargs", "no_causal_mask", "proj_bias")
          .only("pool_type", "argmax", "eos", "last")
          .only("proj_type", "linear")
          .only("tokenizer_mode", "")
          .only("block_type", "default")
          .off("final_ln_after_pool", "output_tokens", "embed_cls")
          .off("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn")
          .off("scale_fc");

  private static final ConfigKeys TOKENIZER =
      new ConfigKeys().only("clean", "canonicalize", "lower", "whitespace").off("strip_sep_token");

  private static final ConfigKeys PREPROCESSING =
      new ConfigKeys()
          .any("size", "mean", "std", "interpolation", "resize_mode", "fill_color")
          .only("mode", "RGB");

  private static final ConfigKeys ACTIVATION = new ConfigKeys().only("approximate", "tanh", "none");
  private static final ConfigKeys NORM = new ConfigKeys().any("eps");

  private final JsonNode model;
  private final JsonNode vision;
  private final JsonNode text;

  /**
   * @throws ModelException if it has no model_cfg or requests something unsupported; names the key
   */
  OpenClipConfig(JsonNode config) {
    this.model = config.path("model_cfg");
    this.vision = model.path("vision_cfg");
    this.text = model.path("text_cfg");
    for (JsonNode section : new JsonNode[] {model, vision, text}) {
      if (!section.isObject()) {
        throw new ModelException(FILE, "has no model_cfg with a vision_cfg and a text_cfg");
      }
    }
    WHOLE.check(FILE, "", config);
    PREPROCESSING.check(FILE, "preprocess_cfg.", config.path("preprocess_cfg"));
    MODEL.check(FILE, "model_cfg.", model);
    VISION.check(FILE, path(vision, ""), vision);
    TEXT.check(FILE, path(text, ""), text);
    TOKENIZER.check(FILE, path(text, "tokenizer_kwargs."), text.path("tokenizer_kwargs"));
  }

  JsonNode vision() {
    return vision;
  }

  JsonNode text() {
    return text;
  }

  /** Returns E. */
  int space() {
    return size(model, "embed_dim", 0);
  }

  /** Returns whether the tokeniser is Hugging Face's rather than OpenAI's. */
  boolean hasOwnTokenizer() {
    return !text.path("hf_tokenizer_name").asText("").isEmpty();
  }

  /** Returns how a sentence is cleaned before tokenisation: canonicalize, lower or whitespace. */
  String cleaning() {
    return text.path("tokenizer_kwargs")
        .path("clean")
        .asText(hasOwnTokenizer() ? "whitespace" : "lower");
  }

  /**
   * @param section {@link #vision()} or {@link #text()}
   */
  Activation activation(JsonNode section) {
    JsonNode said = section.path("act_kwargs");
    ACTIVATION.check(FILE, path(section, "act_kwargs."), said);
    boolean quick = model.path("quick_gelu").asBoolean(false);
    if (quick && !said.isEmpty()) {
      throw new ModelException(
          FILE, path(section, "act_kwargs") + " contradicts quick_gelu; keep one");
    }
    if (quick) {
      return Activation.QUICK_GELU;
    }
    boolean tanh = said.path("approximate").asText("none").equals("tanh");
    return tanh ? Activation.GELU_PYTORCH_TANH : Activation.GELU;
  }

  /** Returns the epsilon of a section's normalisation layers. */
  float epsilon(JsonNode section) {
    JsonNode said = section.path("norm_kwargs");
    NORM.check(FILE, path(section, "norm_kwargs."), said);
    JsonNode epsilon = said.path("eps");
    if (epsilon.isMissingNode() || epsilon.isNull()) {
      return EPSILON;
    }
    if (!epsilon.isNumber() || !(epsilon.asDouble() >= 0) || epsilon.asDouble() > 1) {
      throw new ModelException(
          FILE, path(section, "norm_kwargs.eps") + " = " + epsilon + " is not 0 to 1");
    }
    return (float) epsilon.asDouble();
  }

  boolean isOn(JsonNode section, String key) {
    JsonNode value = section.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw new ModelException(FILE, path(section, key) + " = " + value + " is not true or false");
    }
    return value.asBoolean(false);
  }

  /**
   * @param otherwise default; 0 makes the key mandatory
   */
  int size(JsonNode section, String key, int otherwise) {
    JsonNode value = section.path(key);
    if ((value.isMissingNode() || value.isNull()) && otherwise > 0) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > MOST) {
      throw new ModelException(FILE, path(section, key) + " = " + value + " is not a valid size");
    }
    return value.asInt();
  }

  /** Returns a token id. */
  int id(JsonNode section, String key, int otherwise) {
    JsonNode value = section.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 0) {
      throw new ModelException(FILE, path(section, key) + " = " + value + " is not a token id");
    }
    return value.asInt();
  }

  /**
   * @param otherwise open_clip's default if the key is missing
   * @param possible supported values
   */
  String require(JsonNode section, String key, String otherwise, String... possible) {
    String value = section.hasNonNull(key) ? section.get(key).asText() : otherwise;
    for (String one : possible) {
      if (value.equals(one)) {
        return value;
      }
    }
    throw new ModelException(
        FILE,
        "%s is '%s'; only '%s' is supported"
            .formatted(path(section, key), value, String.join("' or '", possible)));
  }

  String path(JsonNode section, String key) {
    String name = section == vision ? "vision_cfg." : section == text ? "text_cfg." : "";
    return "model_cfg." + name + key;
  }
}
