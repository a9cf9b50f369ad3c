package org.m2ib.lab.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small CLIP to be trained: its sizes, and the files that describe it in Hugging Face's layout.
 *
 * @param width of both towers
 * @param layers of both towers
 * @param space the common space
 * @param size rows and columns of an image
 * @param patch rows and columns of a patch
 * @param mean of the pixels, which are 0 to 1
 * @param std their standard deviation
 * @param words that its tokenizer knows, in lower case
 */
record SmallClip(
    int width,
    int layers,
    int space,
    int size,
    int patch,
    double mean,
    double std,
    List<String> words) {
  static final String TOKENIZER = "tokenizer.json";
  static final int CONTEXT = 24;
  private static final int HEADS = 4;
  private static final int CHANNELS = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  SmallClip {
    words = List.copyOf(words);
  }

  private List<String> vocabulary() {
    List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", ".", ","));
    vocabulary.addAll(words);
    vocabulary.addAll(List.of("<s>", "</s>"));
    return vocabulary;
  }

  /** Patches in a row and in a column. */
  int grid() {
    return size / patch;
  }

  /** Shape of each tensor by its name in a checkpoint. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    String image = "vision_model.embeddings.";
    shapes.put(image + "class_embedding", new long[] {width});
    shapes.put(image + "patch_embedding.weight", new long[] {width, CHANNELS, patch, patch});
    shapes.put(image + "position_embedding.weight", new long[] {1 + grid() * grid(), width});
    norm(shapes, "vision_model.pre_layrnorm"); // sic
    encoder(shapes, "vision_model");
    norm(shapes, "vision_model.post_layernorm");
    String text = "text_model.embeddings.";
    shapes.put(text + "token_embedding.weight", new long[] {vocabulary().size(), width});
    shapes.put(text + "position_embedding.weight", new long[] {CONTEXT, width});
    encoder(shapes, "text_model");
    norm(shapes, "text_model.final_layer_norm");
    shapes.put("visual_projection.weight", new long[] {space, width});
    shapes.put("text_projection.weight", new long[] {space, width});
    return shapes;
  }

  private void encoder(Map<String, long[]> shapes, String tower) {
    for (int i = 0; i < layers; i++) {
      String layer = tower + ".encoder.layers." + i;
      norm(shapes, layer + ".layer_norm1");
      for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(shapes, layer + ".self_attn." + projection, width, width);
      }
      norm(shapes, layer + ".layer_norm2");
      linear(shapes, layer + ".mlp.fc1", 4 * width, width);
      linear(shapes, layer + ".mlp.fc2", width, 4 * width);
    }
  }

  private void norm(Map<String, long[]> shapes, String name) {
    linear(shapes, name, width);
  }

  private static void linear(Map<String, long[]> shapes, String name, long... shape) {
    shapes.put(name + ".weight", shape);
    shapes.put(name + ".bias", new long[] {shape[0]});
  }

  /** config.json. */
  ObjectNode config() {
    int end = vocabulary().size() - 1;
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("CLIPModel");
    config.put("model_type", "clip").put("projection_dim", space);
    tower(config.putObject("vision_config"))
        .put("image_size", size)
        .put("patch_size", patch)
        .put("num_channels", CHANNELS);
    tower(config.putObject("text_config"))
        .put("vocab_size", end + 1)
        .put("max_position_embeddings", CONTEXT)
        .put("pad_token_id", 0)
        .put("bos_token_id", end - 1)
        .put("eos_token_id", end);
    return config;
  }

  private ObjectNode tower(ObjectNode tower) {
    return tower
        .put("hidden_size", width)
        .put("intermediate_size", 4 * width)
        .put("num_hidden_layers", layers)
        .put("num_attention_heads", HEADS)
        .put("projection_dim", space)
        .put("hidden_act", "quick_gelu")
        .put("layer_norm_eps", 1e-5);
  }

  /**
   * Writes the folder except for the weights.
   *
   * @param card model-card.json
   */
  void write(Path folder, ObjectNode card) throws IOException {
    json(folder.resolve("config.json"), config());
    json(folder.resolve(TOKENIZER), tokenizer());
    json(folder.resolve("preprocessor_config.json"), preprocessor());
    json(folder.resolve("model-card.json"), card);
  }

  private static void json(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  private ObjectNode preprocessor() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("image_processor_type", "CLIPImageProcessor").put("do_resize", true);
    json.putObject("size").put("shortest_edge", size);
    json.put("resample", 3).put("do_center_crop", true);
    json.putObject("crop_size").put("height", size).put("width", size);
    json.put("do_rescale", true).put("rescale_factor", 1 / 255.0);
    json.put("do_normalize", true).put("do_convert_rgb", true);
    for (int channel = 0; channel < CHANNELS; channel++) {
      json.withArray("image_mean").add(mean);
      json.withArray("image_std").add(std);
    }
    return json;
  }

  /** Lower-case words, separate punctuation, start and end. */
  private ObjectNode tokenizer() {
    List<String> vocabulary = vocabulary();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    for (String special : List.of("[PAD]", "[UNK]", "<s>", "</s>")) {
      json.withArray("added_tokens")
          .addObject()
          .put("id", vocabulary.indexOf(special))
          .put("content", special)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putObject("normalizer").put("type", "Lowercase");
    ObjectNode split = json.putObject("pre_tokenizer").put("type", "Sequence");
    split.withArray("pretokenizers").addObject().put("type", "WhitespaceSplit");
    split
        .withArray("pretokenizers")
        .addObject()
        .put("type", "Punctuation")
        .put("behavior", "Isolated");
    ObjectNode frame = json.putObject("post_processor").put("type", "TemplateProcessing");
    special(frame, "single", "<s>");
    sequence(frame, "single", "A", 0);
    special(frame, "single", "</s>");
    sequence(frame, "pair", "A", 0);
    sequence(frame, "pair", "B", 1);
    ObjectNode specials = frame.putObject("special_tokens");
    for (String token : List.of("<s>", "</s>")) {
      ObjectNode special = specials.putObject(token).put("id", token);
      special.putArray("ids").add(vocabulary.indexOf(token));
      special.putArray("tokens").add(token);
    }
    json.putNull("decoder");
    ObjectNode model = json.putObject("model").put("type", "WordLevel");
    ObjectNode ids = model.putObject("vocab");
    for (int i = 0; i < vocabulary.size(); i++) {
      ids.put(vocabulary.get(i), i);
    }
    model.put("unk_token", "[UNK]");
    return json;
  }

  private static void special(ObjectNode frame, String list, String token) {
    frame.withArray(list).addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
  }

  private static void sequence(ObjectNode frame, String list, String id, int type) {
    frame.withArray(list).addObject().putObject("Sequence").put("id", id).put("type_id", type);
  }
}
