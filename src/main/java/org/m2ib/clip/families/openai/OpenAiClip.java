package org.m2ib.clip.families.openai;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Towers;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.Layers;

/**
 * OpenAI's own layout: CheXzero and similar models, and OpenAI's archives. There is no
 * configuration; the tensors' shapes define the model, as in OpenAI's {@code build_model}.
 */
public final class OpenAiClip {
  /** Entries of the archives that are not weights. */
  private static final String[] CONSTANTS = {"input_resolution", "context_length", "vocab_size"};

  private OpenAiClip() {}

  /** Returns whether a checkpoint has this layout. */
  public static boolean recognises(TensorSource source) {
    return source.tensors().contains("visual.conv1.weight")
        && source.tensors().contains("token_embedding.weight");
  }

  /** Returns OpenAI's transform, which is not in any file of the layout. */
  public static ObjectNode preprocessing(int imageSize) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(
            "image_processor_type",
            "torchvision") // its mean and standard deviation are the defaults
        .put("size", imageSize)
        .put("crop_size", imageSize);
  }

  /**
   * @param source the checkpoint's tensors
   * @param manager owns the weights
   * @throws ModelException if they do not form a model
   */
  public static Towers load(TensorSource source, NDManager manager) {
    Weights weights = new Weights(source, manager, "the layout");
    ImageEncoder image = image(weights);
    TextEncoder text = text(weights, manager);
    for (String constant : CONSTANTS) {
      weights.ignore(constant);
    }
    weights.ignore("logit_scale"); // the training temperature, which a cosine does not need
    return new Towers(image, text, weights.finish());
  }

  /**
   * Returns the tensors in the order of the layers, see {@link LayerNames#groups}.
   *
   * @param tensors names of a checkpoint that {@link #load} accepts
   */
  public static List<Set<String>> layerGroups(Set<String> tensors) {
    return LayerNames.groups(tensors, OpenAiTowers.imageNames(tensors), OpenAiTowers.TEXT);
  }

  private static ImageEncoder image(Weights weights) {
    int space = weights.size("text_projection", 2, 1);
    if (weights.has(ModifiedResNet.FIRST)) {
      return ModifiedResNet.load(weights, space);
    }
    int width = weights.size("visual.conv1.weight", 4, 0);
    int patch = weights.size("visual.conv1.weight", 4, 2);
    int tokens = weights.size("visual.positional_embedding", 2, 0);
    int grid = (int) Math.round(Math.sqrt(tokens - 1));
    return OpenAiTowers.image(
        weights,
        grid * patch,
        new OpenAiTowers.Form(Layers.Form.heads(width), Activation.QUICK_GELU),
        space);
  }

  private static TextEncoder text(Weights weights, NDManager manager) {
    int width = weights.size("ln_final.weight", 1, 0);
    return OpenAiTowers.text(
        weights,
        "",
        new OpenAiTowers.Form(Layers.Form.heads(width), Activation.QUICK_GELU),
        manager);
  }
}
