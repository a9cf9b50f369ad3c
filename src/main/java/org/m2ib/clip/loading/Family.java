package org.m2ib.clip.loading;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.Towers;
import org.m2ib.clip.families.huggingface.HfClip;
import org.m2ib.clip.families.huggingface.HfSiglip;
import org.m2ib.clip.families.medclip.Gloria;
import org.m2ib.clip.families.medclip.MedClip;
import org.m2ib.clip.families.openai.OpenAiClip;
import org.m2ib.clip.families.openclip.OpenClip;
import org.m2ib.clip.tokenizers.CleanText;
import org.m2ib.clip.tokenizers.TokenizerConfig;

/** The layouts that models are published in. Only this class recognises them. */
public enum Family {
  HUGGING_FACE_CLIP(
      "Hugging Face CLIP",
      HfClip::layerGroups,
      (files, weights, manager) ->
          requireTokenizerFits(
              files, HfClip.load(files.json(ModelFolder.CONFIG), weights, manager))),
  HUGGING_FACE_SIGLIP(
      "Hugging Face SigLIP",
      HfSiglip::layerGroups,
      (files, weights, manager) ->
          requireTokenizerFits(files, HfSiglip.load(files, weights, manager))),
  OPEN_CLIP(
      "open_clip",
      OpenClip::layerGroups,
      (files, weights, manager) -> OpenClip.load(files, weights, manager)) {
    @Override
    public Function<String, CleanText> cleaning(ModelFolder files) {
      return switch (OpenClip.cleaning(files.json(OpenClip.CONFIG))) {
        case "canonicalize" -> CleanText::canonical;
        case "whitespace" -> CleanText::spaced;
        default -> CleanText::lowered;
      };
    }

    @Override
    JsonNode preprocessing(ModelFolder files, int imageSize) {
      return OpenClip.preprocessing(files.json(OpenClip.CONFIG), imageSize);
    }
  },
  MED_CLIP(
      "MedCLIP",
      MedClip::layerGroups,
      (files, weights, manager) ->
          MedClip.load(weights, manager, files.jsonOrEmpty(ModelFolder.CONFIG))) {
    @Override
    JsonNode preprocessing(ModelFolder files, int imageSize) {
      return MedClip.preprocessing(imageSize);
    }
  },
  GLORIA(
      "GLoRIA", Gloria::layerGroups, (files, weights, manager) -> Gloria.load(weights, manager)) {
    @Override
    JsonNode preprocessing(ModelFolder files, int imageSize) {
      return Gloria.preprocessing(imageSize);
    }
  },
  OPENAI(
      "OpenAI state dict",
      OpenAiClip::layerGroups,
      (files, weights, manager) -> OpenAiClip.load(weights, manager)) {
    @Override
    public Function<String, CleanText> cleaning(ModelFolder files) {
      return CleanText::repaired;
    }

    @Override
    JsonNode preprocessing(ModelFolder files, int imageSize) {
      return OpenAiClip.preprocessing(imageSize);
    }
  };

  private final String title;
  private final Function<Set<String>, List<Set<String>>> layerGroups;
  private final Loader loader;

  Family(String title, Function<Set<String>, List<Set<String>>> layerGroups, Loader loader) {
    this.title = title;
    this.layerGroups = layerGroups;
    this.loader = loader;
  }

  /** transformers truncates and pads at the tokeniser's length, not at the model's. */
  private static Towers requireTokenizerFits(ModelFolder files, Towers towers) {
    TokenizerConfig.requireLength(files, towers.text().context());
    return towers;
  }

  private interface Loader {
    Towers load(ModelFolder files, TensorSource weights, NDManager manager);
  }

  /**
   * @param weights the folder's checkpoint
   * @throws ModelException if it is none of these; says what was found
   */
  static Family of(ModelFolder files, TensorSource weights) {
    if (files.has(OpenClip.CONFIG)) {
      return OPEN_CLIP;
    }
    if (OpenAiClip.recognises(weights)) {
      if (weights.name().startsWith("open_clip")) {
        throw new ModelException(
            OpenClip.CONFIG,
            "is missing from the model folder. "
                + weights.name()
                + " needs it, because it states the activation that the model was trained with");
      }
      return OPENAI;
    }
    if (MedClip.recognises(weights)) {
      return MED_CLIP;
    }
    if (Gloria.recognises(weights)) {
      return GLORIA;
    }
    if (!files.has(ModelFolder.CONFIG)) {
      throw new ModelException(
          ModelFolder.CONFIG,
          "is missing from the model folder, and so is "
              + OpenClip.CONFIG
              + "; "
              + weights.name()
              + " does not have the tensors of OpenAI's, MedCLIP's or GLoRIA's layout either");
    }
    String type = files.json(ModelFolder.CONFIG).path("model_type").asText();
    return switch (type) {
      case "clip" -> HUGGING_FACE_CLIP;
      case "siglip" -> HUGGING_FACE_SIGLIP;
      default ->
          throw new ModelException(
              ModelFolder.CONFIG,
              "model_type is '" + type + "'; only 'clip' and 'siglip' are supported");
    };
  }

  /** Returns what is assumed because no file says it; {@code ""} if nothing is. */
  public String assumption() {
    return this == OPENAI
        ? "no configuration: read as OpenAI's, with quick GELU; an open_clip model needs its "
            + OpenClip.CONFIG
            + " in the same folder"
        : "";
  }

  /** Returns the display name. */
  public String title() {
    return title;
  }

  /**
   * @throws ModelException if configuration and tensors do not form a model
   */
  Towers towers(ModelFolder files, TensorSource weights, NDManager manager) {
    return loader.load(files, weights, manager);
  }

  /**
   * Returns the tensors of one of its checkpoints in the order of the layers, from the top.
   *
   * @throws ModelException if one does not belong to such a model
   */
  public List<Set<String>> layerGroups(Set<String> tensors) {
    return layerGroups.apply(tensors);
  }

  /**
   * Returns how the family's code cleans a sentence before tokenisation.
   *
   * @throws ModelException if the folder's configuration requests something unsupported
   */
  public Function<String, CleanText> cleaning(ModelFolder files) {
    return CleanText::unchanged;
  }

  /**
   * Returns the family's preprocessing in the form of preprocessor_config.json. Called only if that
   * file is missing.
   *
   * @throws ModelException if the family has no default
   */
  JsonNode preprocessing(ModelFolder files, int imageSize) {
    throw new ModelException(ModelFolder.PREPROCESSOR, "is missing from the model folder");
  }
}
