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
import java.util.Locale;
import java.util.Map;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.PhantomGenerator;

/**
 * The small CLIP trained on phantoms: its sizes, and the files that describe it in Hugging Face's
 * layout.
 *
 * @param width of both towers
 * @param layers of both towers
 * @param space the common space
 */
record PhantomClip(int width, int layers, int space) {
  static final PhantomClip BUILT_IN = new PhantomClip(128, 4, 128);

  static final int PATCH = 16;
  static final int GRID = PhantomGenerator.SIZE / PATCH;
  static final String TOKENIZER = "tokenizer.json";
  static final int CONTEXT = 24;
  static final double MEAN = 0.5;
  static final double STD = 0.27;
  private static final int LAYER = 0;
  private static final double BETA = 1.0;
  private static final int HEADS = 4;
  private static final int CHANNELS = 3; // a grey image, three times

  private static final List<String> VOCABULARY = vocabulary();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<String> vocabulary() {
    List<String> words = new ArrayList<>(List.of("[PAD]", "[UNK]", ".", ","));
    words.addAll(Dictation.words());
    words.addAll(List.of("<s>", "</s>"));
    return List.copyOf(words);
  }

  /** Shape of each tensor by its name in a checkpoint. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    String image = "vision_model.embeddings.";
    shapes.put(image + "class_embedding", new long[] {width});
    shapes.put(image + "patch_embedding.weight", new long[] {width, CHANNELS, PATCH, PATCH});
    shapes.put(image + "position_embedding.weight", new long[] {1 + GRID * GRID, width});
    norm(shapes, "vision_model.pre_layrnorm"); // sic
    encoder(shapes, "vision_model");
    norm(shapes, "vision_model.post_layernorm");
    String text = "text_model.embeddings.";
    shapes.put(text + "token_embedding.weight", new long[] {VOCABULARY.size(), width});
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
    int end = VOCABULARY.size() - 1;
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("CLIPModel");
    config.put("model_type", "clip").put("projection_dim", space);
    tower(config.putObject("vision_config"))
        .put("image_size", PhantomGenerator.SIZE)
        .put("patch_size", PATCH)
        .put("num_channels", CHANNELS);
    tower(config.putObject("text_config"))
        .put("vocab_size", VOCABULARY.size())
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
   * @param phantoms number of training phantoms
   */
  void write(Path folder, int phantoms) throws IOException {
    write(folder.resolve("config.json"), config());
    write(folder.resolve(TOKENIZER), tokenizer());
    write(folder.resolve("preprocessor_config.json"), preprocessor());
    write(folder.resolve("model-card.json"), card(phantoms));
  }

  static void write(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }

  /** Layer and beta are the best found in docs/phantom-model.md. */
  private static ObjectNode card(int phantoms) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", "m2ib phantom model")
        .put("version", "2")
        .put("licence", "that of m2ib-pacs")
        .put("warning", "Phantom model, for demonstration: trained on drawings, not patients")
        .put("intendedUse", "Trying out the service. Not for any patient.")
        .put(
            "trainingData",
            String.format(
                Locale.ROOT,
                "%,d phantom radiographs drawn by ./m2ib phantom's generator",
                phantoms))
        .put("layer", LAYER)
        .put("beta", BETA);
  }

  private static ObjectNode preprocessor() {
    int size = PhantomGenerator.SIZE;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("image_processor_type", "CLIPImageProcessor").put("do_resize", true);
    json.putObject("size").put("shortest_edge", size);
    json.put("resample", 3).put("do_center_crop", true);
    json.putObject("crop_size").put("height", size).put("width", size);
    json.put("do_rescale", true).put("rescale_factor", 1 / 255.0);
    json.put("do_normalize", true).put("do_convert_rgb", true);
    for (int channel = 0; channel < CHANNELS; channel++) {
      json.withArray("image_mean").add(MEAN);
      json.withArray("image_std").add(STD);
    }
    return json;
  }

  /** Lower-case words, separate punctuation, start and end. */
  private static ObjectNode tokenizer() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    for (String special : List.of("[PAD]", "[UNK]", "<s>", "</s>")) {
      json.withArray("added_tokens")
          .addObject()
          .put("id", VOCABULARY.indexOf(special))
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
      special.putArray("ids").add(VOCABULARY.indexOf(token));
      special.putArray("tokens").add(token);
    }
    json.putNull("decoder");
    ObjectNode model = json.putObject("model").put("type", "WordLevel");
    ObjectNode ids = model.putObject("vocab");
    for (int i = 0; i < VOCABULARY.size(); i++) {
      ids.put(VOCABULARY.get(i), i);
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
