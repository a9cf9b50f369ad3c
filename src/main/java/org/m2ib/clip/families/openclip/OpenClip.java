package org.m2ib.clip.families.openclip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.m2ib.clip.families.openai.ModifiedResNet;
import org.m2ib.clip.families.openai.OpenAiClip;
import org.m2ib.clip.families.openai.OpenAiTowers;
import org.m2ib.clip.tokenizers.TokenizerJson;

/**
 * open_clip's layout: BiomedCLIP (timm's ViT, BERT with an MLP head), SigLIP and SigLIP 2 (timm's
 * ViT with an attention pool), and open_clip's own transformers, which use OpenAI's names.
 */
public final class OpenClip {
  public static final String CONFIG = OpenClipConfig.FILE;

  /** open_clip's default head_width. For ResNets it is the only supported value. */
  private static final int HEAD = 64;

  /** Pillow's constants. */
  private static final int BILINEAR = 2;

  private static final int BICUBIC = 3;

  private static final String SCALE = "logit_scale";
  private static final String BIAS = "logit_bias";

  private OpenClip() {}

  /**
   * @param folder folder with open_clip_config.json and the tokeniser, which names the padding
   *     token
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if config, tokeniser and tensors do not form a model
   */
  public static Towers load(ModelFolder folder, TensorSource source, NDManager manager) {
    return load(
        folder.json(CONFIG),
        vocabulary -> TokenizerJson.of(folder, vocabulary).requirePadding(folder),
        source,
        manager);
  }

  /**
   * @param config open_clip_config.json
   * @param padding returns the id with which Hugging Face's tokeniser pads sentences
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if config and tensors do not form a model
   */
  public static Towers load(
      JsonNode config, OpenClipText.Padding padding, TensorSource source, NDManager manager) {
    OpenClipConfig layout = new OpenClipConfig(config);
    TimmVit.check(layout);
    OpenClipText.check(layout);
    Weights weights = new Weights(source, manager, CONFIG);
    ImageEncoder image = image(layout, weights);
    TextEncoder text = OpenClipText.load(layout, padding, weights, manager);
    Optional<Sigmoid> sigmoid = Optional.empty();
    if (weights.has(BIAS)) {
      sigmoid = Optional.of(new Sigmoid(weights.number(SCALE), weights.number(BIAS)));
    } else {
      weights.ignore(SCALE); // the training temperature, which a cosine does not need
    }
    return new Towers(image, text, sigmoid, weights.finish());
  }

  /**
   * Returns how a sentence is cleaned before tokenisation: canonicalize, lower or whitespace.
   *
   * @param config open_clip_config.json
   */
  public static String cleaning(JsonNode config) {
    return new OpenClipConfig(config).cleaning();
  }

  /**
   * Returns preprocess_cfg in the form of preprocessor_config.json. Missing values are those of
   * OpenAI's transform, as in open_clip.
   *
   * @param config open_clip_config.json
   * @throws ModelException if it requests an unsupported transform
   */
  public static ObjectNode preprocessing(JsonNode config, int imageSize) {
    JsonNode said = config.path("preprocess_cfg");
    ObjectNode json = OpenAiClip.preprocessing(imageSize);
    String mode = said.path("resize_mode").asText("shortest");
    String interpolation = said.path("interpolation").asText("bicubic");
    switch (mode) {
      case "shortest" -> {} // then a centre crop
      case "squash" -> {
        json.putObject("size").put("height", imageSize).put("width", imageSize);
        json.put("do_center_crop", false);
      }
      default ->
          throw new ModelException(
              CONFIG,
              "preprocess_cfg.resize_mode is '"
                  + mode
                  + "'; only shortest and squash are supported");
    }
    switch (interpolation) {
      case "bicubic" -> json.put("resample", BICUBIC);
      case "bilinear" -> json.put("resample", BILINEAR);
      default ->
          throw new ModelException(
              CONFIG,
              "preprocess_cfg.interpolation is '"
                  + interpolation
                  + "'; only bicubic and bilinear are supported");
    }
    if (said.hasNonNull("mean")) {
      json.set("image_mean", said.get("mean"));
    }
    if (said.hasNonNull("std")) {
      json.set("image_std", said.get("std"));
    }
    return json;
  }

  /**
   * Returns the tensors in the order of the layers, see {@link LayerNames#groups}.
   *
   * @param tensors names of a checkpoint that {@link #load} accepts
   */
  public static List<Set<String>> layerGroups(Set<String> tensors) {
    return LayerNames.groups(
        tensors,
        tensors.stream().anyMatch(name -> name.startsWith(TimmVit.TRUNK))
            ? TimmVit.NAMES
            : OpenAiTowers.imageNames(tensors),
        tensors.stream().anyMatch(name -> name.startsWith(OpenClipText.BERT_PREFIX + "embeddings"))
            ? OpenClipText.BERT_NAMES
            : OpenAiTowers.TEXT);
  }

  private static ImageEncoder image(OpenClipConfig config, Weights weights) {
    JsonNode vision = config.vision();
    int imageSize = config.size(vision, "image_size", 224);
    if (vision.hasNonNull(TimmVit.NAME)) {
      return TimmVit.load(weights, vision.get(TimmVit.NAME).asText(), imageSize, config.space());
    }
    int headWidth = config.size(vision, "head_width", HEAD);
    if (vision.path("layers").isArray()) {
      if (headWidth != HEAD) {
        throw new ModelException(
            CONFIG,
            "model_cfg.vision_cfg.head_width is "
                + headWidth
                + "; only 64 is supported for a ResNet");
      }
      return ModifiedResNet.load(weights, config.space());
    }
    int width = weights.size("visual.conv1.weight", 4, 0);
    OpenAiTowers.Form form =
        new OpenAiTowers.Form(
            Math.max(1, width / headWidth), config.activation(vision), config.epsilon(vision));
    return OpenAiTowers.image(weights, imageSize, form, config.space());
  }
}
