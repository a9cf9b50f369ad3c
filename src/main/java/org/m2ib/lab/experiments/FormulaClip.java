package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.families.huggingface.HfClip;

/** CLIP's ViT-B in OpenAI's sizes, with formula weights. Input 224 x 224. */
final class FormulaClip {
  private static final int IMAGE_WIDTH = 768;
  private static final int TEXT_WIDTH = 512;
  private static final int LAYERS = 12;
  private static final int SPACE = 512;
  private static final int CONTEXT = 77;
  private static final int VOCABULARY = 49408;

  private FormulaClip() {}

  /**
   * @param patch 32 or 16
   * @param manager owns the weights
   */
  static Towers load(int patch, NDManager manager) {
    ObjectNode config = JsonNodeFactory.instance.objectNode().put("model_type", "clip");
    config
        .putObject("vision_config")
        .put("patch_size", patch); // everything else has the format's default
    return HfClip.load(config, new FormulaWeights(shapes(patch)), manager);
  }

  /** Start token, words, end token. */
  static Tokens tokens(int count) {
    int start = VOCABULARY - 2;
    return new Tokens(
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  int id = i == 0 ? start : i == count - 1 ? start + 1 : 1000 + i;
                  return new Token(id, "", 0, 0, i == 0 || i == count - 1);
                })
            .toList(),
        OptionalInt.empty());
  }

  private static Map<String, long[]> shapes(int patch) {
    Map<String, long[]> shapes = new HashMap<>();
    int grid = 224 / patch;
    String image = "vision_model.embeddings.";
    put(shapes, image + "patch_embedding.weight", IMAGE_WIDTH, 3, patch, patch);
    put(shapes, image + "class_embedding", IMAGE_WIDTH);
    put(shapes, image + "position_embedding.weight", 1 + grid * grid, IMAGE_WIDTH);
    norm(shapes, "vision_model.pre_layrnorm", IMAGE_WIDTH);
    layers(shapes, "vision_model", IMAGE_WIDTH);
    norm(shapes, "vision_model.post_layernorm", IMAGE_WIDTH);
    put(shapes, "visual_projection.weight", SPACE, IMAGE_WIDTH);
    String text = "text_model.embeddings.";
    put(shapes, text + "token_embedding.weight", VOCABULARY, TEXT_WIDTH);
    put(shapes, text + "position_embedding.weight", CONTEXT, TEXT_WIDTH);
    layers(shapes, "text_model", TEXT_WIDTH);
    norm(shapes, "text_model.final_layer_norm", TEXT_WIDTH);
    put(shapes, "text_projection.weight", SPACE, TEXT_WIDTH);
    return shapes;
  }

  private static void layers(Map<String, long[]> shapes, String tower, int width) {
    for (int i = 0; i < LAYERS; i++) {
      String layer = tower + ".encoder.layers." + i;
      norm(shapes, layer + ".layer_norm1", width);
      norm(shapes, layer + ".layer_norm2", width);
      for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        linear(shapes, layer + ".self_attn." + projection, width, width);
      }
      linear(shapes, layer + ".mlp.fc1", 4 * width, width);
      linear(shapes, layer + ".mlp.fc2", width, 4 * width);
    }
  }

  private static void norm(Map<String, long[]> shapes, String name, int width) {
    put(shapes, name + ".weight", width);
    put(shapes, name + ".bias", width);
  }

  private static void linear(Map<String, long[]> shapes, String name, int out, int in) {
    put(shapes, name + ".weight", out, in);
    put(shapes, name + ".bias", out);
  }

  private static void put(Map<String, long[]> shapes, String name, long... shape) {
    shapes.put(name, shape);
  }
}
