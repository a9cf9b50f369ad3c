package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.families.huggingface.HfClip;
import org.m2ib.clip.families.huggingface.HfSiglip;

/** Models in their published sizes with formula weights: as fast as trained ones. */
public enum FormulaClip {
  /** OpenAI's ViT-B/32. */
  B32("ViT-B/32", 224, 32, tower(768, 12, 12, 3072), tower(512, 8, 12, 2048), 512),
  B16("ViT-B/16", 224, 16, tower(768, 12, 12, 3072), tower(512, 8, 12, 2048), 512),
  L14("ViT-L/14-336", 336, 14, tower(1024, 16, 24, 4096), tower(768, 12, 12, 3072), 768),
  /** MedSigLIP's size: SigLIP so400m/14 at 448 pixels. */
  SO400M("SigLIP so400m/14-448", 448, 14, tower(1152, 16, 27, 4304), tower(1152, 16, 27, 4304), 0);

  private static final int CLIP_CONTEXT = 77;
  private static final int CLIP_VOCABULARY = 49408;
  private static final int SIGLIP_CONTEXT = 64;
  private static final int SIGLIP_VOCABULARY = 32000;

  /** Ids of a sentence's words count up from here. */
  private static final int FIRST_WORD = 1000;

  private final String title;
  private final int image;
  private final int patch;
  private final Tower vision;
  private final Tower text;
  private final int space;

  private record Tower(int width, int heads, int layers, int mlp) {
    ObjectNode config(ObjectNode json) {
      return json.put("hidden_size", width)
          .put("num_attention_heads", heads)
          .put("num_hidden_layers", layers)
          .put("intermediate_size", mlp);
    }
  }

  /**
   * @param space width of CLIP's joint space; 0 for a SigLIP
   */
  FormulaClip(String title, int image, int patch, Tower vision, Tower text, int space) {
    this.title = title;
    this.image = image;
    this.patch = patch;
    this.vision = vision;
    this.text = text;
    this.space = space;
  }

  private static Tower tower(int width, int heads, int layers, int mlp) {
    return new Tower(width, heads, layers, mlp);
  }

  /** The model of a name on a command line: {@code b32} and so on. */
  public static Optional<FormulaClip> named(String name) {
    return Arrays.stream(values()).filter(model -> model.toString().equals(name)).findFirst();
  }

  /** Its name on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its name in tables. */
  public String title() {
    return title;
  }

  private boolean siglip() {
    return space == 0;
  }

  /**
   * @param manager owns the weights
   */
  Towers load(NDManager manager) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("model_type", siglip() ? "siglip" : "clip");
    vision
        .config(config.putObject("vision_config"))
        .put("image_size", image)
        .put("patch_size", patch);
    text.config(config.putObject("text_config"));
    if (siglip()) {
      return HfSiglip.load(config, new FormulaWeights(siglipShapes()), manager);
    }
    config.put("projection_dim", space);
    return HfClip.load(config, new FormulaWeights(clipShapes()), manager);
  }

  /** Start token, words, end token; without a start token for SigLIP. */
  Tokens tokens(int count) {
    int end = siglip() ? 1 : CLIP_VOCABULARY - 1;
    return new Tokens(
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  boolean start = i == 0 && !siglip();
                  boolean last = i == count - 1;
                  int id = start ? CLIP_VOCABULARY - 2 : last ? end : FIRST_WORD + i;
                  return new Token(id, "", 0, 0, start || last);
                })
            .toList(),
        OptionalInt.empty());
  }

  private Map<String, long[]> clipShapes() {
    Map<String, long[]> shapes = new HashMap<>();
    String embeddings = "vision_model.embeddings.";
    embeddings(shapes, 1);
    put(shapes, embeddings + "class_embedding", vision.width());
    norm(shapes, "vision_model.pre_layrnorm", vision.width());
    norm(shapes, "vision_model.post_layernorm", vision.width());
    put(shapes, "visual_projection.weight", space, vision.width());
    words(shapes, CLIP_VOCABULARY, CLIP_CONTEXT);
    put(shapes, "text_projection.weight", space, text.width());
    return shapes;
  }

  private Map<String, long[]> siglipShapes() {
    Map<String, long[]> shapes = new HashMap<>();
    int d = vision.width();
    embeddings(shapes, 0);
    put(shapes, "vision_model.embeddings.patch_embedding.bias", d);
    norm(shapes, "vision_model.post_layernorm", d);
    put(shapes, "vision_model.head.probe", 1, 1, d);
    put(shapes, "vision_model.head.attention.in_proj_weight", 3L * d, d);
    put(shapes, "vision_model.head.attention.in_proj_bias", 3L * d);
    linear(shapes, "vision_model.head.attention.out_proj", d, d);
    norm(shapes, "vision_model.head.layernorm", d);
    mlp(shapes, "vision_model.head", vision);
    words(shapes, SIGLIP_VOCABULARY, SIGLIP_CONTEXT);
    linear(shapes, "text_model.head", d, text.width());
    put(shapes, "logit_scale", 1);
    put(shapes, "logit_bias", 1);
    return shapes;
  }

  /** The image tower's embedding and layers. */
  private void embeddings(Map<String, long[]> shapes, int prefixTokens) {
    int grid = image / patch;
    String name = "vision_model.embeddings.";
    put(shapes, name + "patch_embedding.weight", vision.width(), 3, patch, patch);
    put(shapes, name + "position_embedding.weight", prefixTokens + grid * grid, vision.width());
    layers(shapes, "vision_model", vision);
  }

  /** The text tower's embedding, layers and last norm. */
  private void words(Map<String, long[]> shapes, int vocabulary, int context) {
    put(shapes, "text_model.embeddings.token_embedding.weight", vocabulary, text.width());
    put(shapes, "text_model.embeddings.position_embedding.weight", context, text.width());
    layers(shapes, "text_model", text);
    norm(shapes, "text_model.final_layer_norm", text.width());
  }

  private static void layers(Map<String, long[]> shapes, String name, Tower tower) {
    int width = tower.width();
    for (int i = 0; i < tower.layers(); i++) {
      String layer = name + ".encoder.layers." + i;
      norm(shapes, layer + ".layer_norm1", width);
      norm(shapes, layer + ".layer_norm2", width);
      for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        linear(shapes, layer + ".self_attn." + projection, width, width);
      }
      mlp(shapes, layer, tower);
    }
  }

  private static void mlp(Map<String, long[]> shapes, String name, Tower tower) {
    linear(shapes, name + ".mlp.fc1", tower.mlp(), tower.width());
    linear(shapes, name + ".mlp.fc2", tower.width(), tower.mlp());
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
