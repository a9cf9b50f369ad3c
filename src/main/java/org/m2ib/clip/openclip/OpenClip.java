package org.m2ib.clip.openclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.m2ib.clip.ConfigKeys;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.bert.BertTower;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.TextTransformer;
import org.m2ib.clip.openai.ModifiedResNet;
import org.m2ib.clip.openai.OpenAiClip;
import org.m2ib.clip.openai.OpenAiTowers;

/**
 * open_clip's layout: BiomedCLIP (timm's ViT, BERT with an MLP head) and open_clip's own
 * transformers, which bear OpenAI's names.
 */
public final class OpenClip {
  public static final String CONFIG = "open_clip_config.json";

  /** What open_clip takes where head_width or heads is not given. */
  private static final int HEAD = 64;

  /** Pillow's numbers. */
  private static final int BILINEAR = 2;

  private static final int BICUBIC = 3;

  /** Widths, depths and drop-outs are the tensors' or of training. */
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
          .any("timm_drop", "timm_drop_path")
          .only("pool_type", "tok")
          .only("pos_embed_type", "learnable")
          .only("act_kwargs", "{}")
          .only("norm_kwargs", "{}")
          .off("attentional_pool", "no_ln_pre", "final_ln_after_pool", "output_tokens")
          .off("input_patchnorm", "global_average_pool", "timm_proj_bias")
          .off("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn")
          .off("scale_fc");

  private static final ConfigKeys TEXT =
      new ConfigKeys()
          .any("context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio")
          .any("hf_tokenizer_name", "tokenizer_mode", "pad_id", "eos_id")
          .any("hf_model_name", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type")
          .only("pool_type", "argmax", "eos")
          .only("proj_type", "linear")
          .only("tokenizer_kwargs", "{}", "{\"clean\":\"whitespace\"}")
          .only("act_kwargs", "{}")
          .only("norm_kwargs", "{}")
          .off("no_causal_mask", "final_ln_after_pool", "output_tokens", "proj_bias", "embed_cls")
          .off("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn")
          .off("scale_fc");

  private static final ConfigKeys PREPROCESSING =
      new ConfigKeys()
          .any("size", "mean", "std", "interpolation", "resize_mode", "fill_color")
          .only("mode", "RGB");

  /** timm's plain ViT; its kin (CLIP's, SigLIP's, EVA's) are built otherwise. */
  private static final Pattern TIMM_VIT = Pattern.compile("vit_[a-z]+_patch\\d+_\\d+(\\..*)?");

  private static final Pattern BERT = Pattern.compile("(?i).*bert.*");
  private static final Pattern NOT_BERT =
      Pattern.compile("(?i).*(roberta|xlm|distilbert|albert|deberta|camembert|modernbert).*");

  private final JsonNode model;
  private final JsonNode vision;
  private final JsonNode text;

  /**
   * @param config open_clip_config.json
   * @throws ModelException when it has no model_cfg
   */
  private OpenClip(JsonNode config) {
    this.model = config.path("model_cfg");
    this.vision = model.path("vision_cfg");
    this.text = model.path("text_cfg");
    for (JsonNode section : new JsonNode[] {model, vision, text}) {
      if (!section.isObject()) {
        throw new ModelException(CONFIG, "has no model_cfg with a vision_cfg and a text_cfg");
      }
    }
    WHOLE.check(CONFIG, "", config);
    PREPROCESSING.check(CONFIG, "preprocess_cfg.", config.path("preprocess_cfg"));
    MODEL.check(CONFIG, "model_cfg.", model);
    VISION.check(CONFIG, "model_cfg.vision_cfg.", vision);
    TEXT.check(CONFIG, "model_cfg.text_cfg.", text);
  }

  /**
   * @param config open_clip_config.json
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException when config and tensors do not make a model
   */
  public static Towers load(JsonNode config, TensorSource source, NDManager manager) {
    OpenClip layout = new OpenClip(config);
    Weights weights = new Weights(source, manager, CONFIG);
    ImageEncoder image = layout.image(weights);
    TextEncoder text = layout.text(weights, manager);
    weights.ignore("logit_scale"); // the training temperature: a cosine needs none
    return new Towers(image, text, weights.finish());
  }

  /**
   * What preprocess_cfg says, as a preprocessor_config.json would; where it is silent, open_clip
   * does as OpenAI's transform.
   *
   * @param config open_clip_config.json
   * @throws ModelException when it asks for something else than is done here
   */
  public static ObjectNode preprocessing(JsonNode config, int imageSize) {
    JsonNode said = config.path("preprocess_cfg");
    ObjectNode json = OpenAiClip.preprocessing(imageSize);
    String mode = said.path("resize_mode").asText("shortest");
    String interpolation = said.path("interpolation").asText("bicubic");
    switch (mode) {
      case "shortest" -> {} // and a square from the middle
      case "squash" -> {
        json.putObject("size").put("height", imageSize).put("width", imageSize);
        json.put("do_center_crop", false);
      }
      default ->
          throw new ModelException(
              CONFIG, "preprocess_cfg.resize_mode is '" + mode + "', not shortest or squash");
    }
    switch (interpolation) {
      case "bicubic" -> json.put("resample", BICUBIC);
      case "bilinear" -> json.put("resample", BILINEAR);
      default ->
          throw new ModelException(
              CONFIG,
              "preprocess_cfg.interpolation is '" + interpolation + "', not bicubic or bilinear");
    }
    if (said.has("mean")) {
      json.set("image_mean", said.get("mean"));
    }
    if (said.has("std")) {
      json.set("image_std", said.get("std"));
    }
    return json;
  }

  private ImageEncoder image(Weights weights) {
    int space = size(model, "model_cfg.embed_dim", 0);
    int imageSize = size(vision, "model_cfg.vision_cfg.image_size", 224);
    int headWidth = size(vision, "model_cfg.vision_cfg.head_width", HEAD);
    if (vision.hasNonNull("timm_model_name")) {
      String name = vision.get("timm_model_name").asText();
      if (!TIMM_VIT.matcher(name).matches()) {
        throw new ModelException(
            CONFIG,
            "model_cfg.vision_cfg.timm_model_name is '%s'; of timm's image towers the plain vit_..._patch... are run here"
                .formatted(name));
      }
      require(vision, "vision_cfg.timm_pool", "", "", "token");
      require(vision, "vision_cfg.timm_proj", "linear", "linear");
      return TimmVit.load(weights, imageSize, headWidth, space);
    }
    if (vision.path("layers").isArray()) {
      return ModifiedResNet.load(weights, space);
    }
    int width = weights.size("visual.conv1.weight", 4, 0);
    return OpenAiTowers.image(
        weights,
        new OpenAiTowers.Vision(imageSize, Math.max(1, width / headWidth), activation()),
        space);
  }

  private TextEncoder text(Weights weights, NDManager manager) {
    if (!text.hasNonNull("hf_model_name")) {
      String prefix = weights.has("text.ln_final.weight") ? "text." : "";
      int heads = size(text, "model_cfg.text_cfg.heads", 8);
      return OpenAiTowers.text(weights, prefix, reading(heads), manager);
    }
    String name = text.get("hf_model_name").asText();
    if (!BERT.matcher(name).matches() || NOT_BERT.matcher(name).matches()) {
      throw new ModelException(
          CONFIG,
          "model_cfg.text_cfg.hf_model_name is '%s'; of Hugging Face's text towers BERT is run here"
              .formatted(name));
    }
    require(text, "text_cfg.hf_pooler_type", "", "cls_last_hidden_state_pooler");
    String bert = "text.transformer.";
    int width = weights.size(bert + "embeddings.word_embeddings.weight", 2, 1);
    int heads = size(text, "model_cfg.text_cfg.heads", Layers.Form.heads(width));
    int context = size(text, "model_cfg.text_cfg.context_length", 77);
    return BertTower.load(weights, bert, heads, context, head(weights, width), manager);
  }

  private OpenAiTowers.Text reading(int heads) {
    if (!text.path("pool_type").asText("argmax").equals("eos")) {
      return OpenAiTowers.Text.ofOpenAi(heads, activation());
    }
    JsonNode endToken = text.path("eos_id");
    if (!endToken.isInt() || endToken.asInt() < 0) {
      throw new ModelException(
          CONFIG, "model_cfg.text_cfg.eos_id = " + endToken + ": pool_type 'eos' needs a token id");
    }
    return OpenAiTowers.Text.ending(heads, activation(), endToken.asInt());
  }

  private TextTransformer.Head head(Weights weights, int width) {
    int space = size(model, "model_cfg.embed_dim", 0);
    require(text, "text_cfg.hf_proj_type", "linear", "linear", "mlp");
    if (text.path("hf_proj_type").asText("linear").equals("linear")) {
      Linear projection = Linear.withoutBias(weights, "text.proj", space, width);
      return new TextTransformer.Head(projection::apply, 2.0 * width * space);
    }
    int middle = (width + space) / 2;
    Linear first = Linear.withoutBias(weights, "text.proj.0", middle, width);
    Linear second = Linear.withoutBias(weights, "text.proj.2", space, middle);
    return new TextTransformer.Head(
        x -> second.apply(gelu(first.apply(x))), 2.0 * middle * (width + space));
  }

  private static NDArray gelu(NDArray x) {
    return ai.djl.nn.Activation.gelu(x);
  }

  private Activation activation() {
    return model.path("quick_gelu").asBoolean(false) ? Activation.QUICK_GELU : Activation.GELU;
  }

  /**
   * @param path last part is the key
   * @param otherwise 0: it must be given
   */
  private static int size(JsonNode section, String path, int otherwise) {
    JsonNode value = section.path(key(path));
    if (value.isMissingNode() && otherwise > 0) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > 10_000_000) {
      throw new ModelException(CONFIG, path + " = " + value + " is no size");
    }
    return value.asInt();
  }

  private static void require(JsonNode section, String path, String otherwise, String... possible) {
    String value = section.path(key(path)).asText(otherwise);
    for (String one : possible) {
      if (value.equals(one)) {
        return;
      }
    }
    throw new ModelException(
        CONFIG,
        "model_cfg.%s is '%s'; what is run here is '%s'"
            .formatted(path, value, String.join("' or '", possible)));
  }

  private static String key(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
