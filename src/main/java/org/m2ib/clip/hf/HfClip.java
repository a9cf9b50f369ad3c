package org.m2ib.clip.hf;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Weights;

/**
 * Hugging Face's CLIPModel: OpenAI CLIP, PubMedCLIP, PLIP and their kin.
 *
 * @param image the vision tower
 * @param text the text tower
 */
public record HfClip(ImageEncoder image, TextEncoder text) {

  /**
   * @param config config.json
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException when config and tensors do not make a model
   */
  public static HfClip load(JsonNode config, TensorSource source, NDManager manager) {
    String type = config.path("model_type").asText();
    if (!type.equals("clip")) {
      throw new ModelException("config.json", "model_type is '" + type + "'; only 'clip' is read");
    }
    HfClipConfig sizes = HfClipConfig.read(config);
    Weights weights = new Weights(source, manager);
    HfClip clip =
        new HfClip(new VisionTower(weights, sizes), new TextTower(weights, sizes, manager));
    weights.ignore("logit_scale"); // the training temperature: a cosine needs none
    weights.requireAllTaken();
    return clip;
  }
}
