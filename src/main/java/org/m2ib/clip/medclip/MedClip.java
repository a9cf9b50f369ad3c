package org.m2ib.clip.medclip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;

/**
 * MedCLIP's layout (arXiv 2210.10163): a Swin transformer or torchvision's ResNet beside
 * BioClinicalBERT. There is no configuration; the tensors' shapes say what the model is.
 */
public final class MedClip {
  private static final String IMAGE_HEAD = "vision_model.projection_head";

  /** MedCLIP's mean and standard deviation, of one grey channel. */
  private static final double MEAN = 0.5862785803043838;

  private static final double STD = 0.27950088968644304;

  private static final int IMAGE_SIZE = 224;

  private MedClip() {}

  /** Whether a checkpoint has this layout. */
  public static boolean recognises(TensorSource source) {
    return source.tensors().contains("text_model.projection_head.weight");
  }

  /**
   * MedCLIP's transform, which no file of the layout states: a black square around the image first.
   */
  public static ObjectNode preprocessing(int imageSize) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("do_pad_square", true).put("size", imageSize).put("crop_size", imageSize);
    json.putArray("image_mean").add(MEAN).add(MEAN).add(MEAN);
    json.putArray("image_std").add(STD).add(STD).add(STD);
    return json;
  }

  /**
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @param config BERT's config.json, for what no tensor tells: num_attention_heads, otherwise one
   *     for each 64 of the width; and image_size, otherwise 224
   * @throws ModelException when they do not make a model
   */
  public static Towers load(TensorSource source, NDManager manager, JsonNode config) {
    int imageSize = config.path("image_size").asInt(IMAGE_SIZE);
    Weights weights = new Weights(source, manager, "the layout");
    ImageEncoder image =
        weights.has(IMAGE_HEAD + ".weight")
            ? Swin.load(weights, "vision_model.model.", IMAGE_HEAD, imageSize)
            : TorchvisionResNet.load(weights, "vision_model.model.", imageSize);
    TextEncoder text = MedClipText.load(weights, config.path("num_attention_heads"));
    weights.ignore("logit_scale"); // the training temperature: a cosine needs none
    return new Towers(image, text, weights.finish());
  }
}
