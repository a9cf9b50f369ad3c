package org.m2ib.clip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.checkpoint.CheckpointWriter;

/** Writes model folders in Hugging Face's CLIP layout, with formula weights. */
public final class HfFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HfFolder() {}

  /** Sizes of both towers, as the goldens' config has them. */
  public record Sizes(
      int width,
      int layers,
      int heads,
      int patch,
      int image,
      int textWidth,
      int textLayers,
      int textHeads,
      int vocabulary,
      int context,
      int projection) {

    /** Small, with room for all words of the phantoms' sentences; three layers, 7 x 7 patches. */
    public static final Sizes PHANTOM = new Sizes(16, 3, 2, 16, 112, 16, 3, 2, 90, 20, 8);
  }

  /** Tensor names and shapes of a checkpoint of these sizes, in the order of the model. */
  public static Map<String, long[]> shapes(Sizes s) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long grid = s.image() / s.patch();
    String v = "vision_model.embeddings.";
    shapes.put(v + "patch_embedding.weight", new long[] {s.width(), 3, s.patch(), s.patch()});
    shapes.put(v + "class_embedding", new long[] {s.width()});
    shapes.put(v + "position_embedding.weight", new long[] {grid * grid + 1, s.width()});
    norm(shapes, "vision_model.pre_layrnorm", s.width());
    layers(shapes, "vision_model", s.layers(), s.width());
    norm(shapes, "vision_model.post_layernorm", s.width());
    shapes.put("visual_projection.weight", new long[] {s.projection(), s.width()});
    String t = "text_model.embeddings.";
    shapes.put(t + "token_embedding.weight", new long[] {s.vocabulary(), s.textWidth()});
    shapes.put(t + "position_embedding.weight", new long[] {s.context(), s.textWidth()});
    layers(shapes, "text_model", s.textLayers(), s.textWidth());
    norm(shapes, "text_model.final_layer_norm", s.textWidth());
    shapes.put("text_projection.weight", new long[] {s.projection(), s.textWidth()});
    return shapes;
  }

  private static void layers(Map<String, long[]> shapes, String tower, int layers, long d) {
    for (int i = 0; i < layers; i++) {
      String p = tower + ".encoder.layers." + i;
      norm(shapes, p + ".layer_norm1", d);
      for (String m : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(shapes, p + ".self_attn." + m, d, d);
      }
      norm(shapes, p + ".layer_norm2", d);
      linear(shapes, p + ".mlp.fc1", 4 * d, d);
      linear(shapes, p + ".mlp.fc2", d, 4 * d);
    }
  }

  private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private static void norm(Map<String, long[]> shapes, String name, long d) {
    shapes.put(name + ".weight", new long[] {d});
    shapes.put(name + ".bias", new long[] {d});
  }

  /** config.json of these sizes; the end token is the last of the vocabulary. */
  public static ObjectNode config(Sizes s) {
    ObjectNode config = JSON.createObjectNode();
    config.putArray("architectures").add("CLIPModel");
    config.put("model_type", "clip");
    config.put("projection_dim", s.projection());
    config
        .putObject("vision_config")
        .put("hidden_size", s.width())
        .put("intermediate_size", 4 * s.width())
        .put("num_hidden_layers", s.layers())
        .put("num_attention_heads", s.heads())
        .put("patch_size", s.patch())
        .put("image_size", s.image())
        .put("hidden_act", "quick_gelu")
        .put("layer_norm_eps", 1e-5);
    config
        .putObject("text_config")
        .put("hidden_size", s.textWidth())
        .put("intermediate_size", 4 * s.textWidth())
        .put("num_hidden_layers", s.textLayers())
        .put("num_attention_heads", s.textHeads())
        .put("vocab_size", s.vocabulary())
        .put("max_position_embeddings", s.context())
        .put("hidden_act", "quick_gelu")
        .put("layer_norm_eps", 1e-5)
        .put("bos_token_id", s.vocabulary() - 2)
        .put("eos_token_id", s.vocabulary() - 1);
    return config;
  }

  /**
   * tokenizer.json: lower-cased words; [PAD] 0, [UNK] 1, the words, then start and end as the last
   * two of the vocabulary.
   *
   * @param words fillers are added until the vocabulary has its size
   */
  public static ObjectNode tokenizer(Sizes s, List<String> words) {
    int start = s.vocabulary() - 2;
    ObjectNode json = JSON.createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    var added = json.putArray("added_tokens");
    String[] special = {"[PAD]", "[UNK]", "<s>", "</s>"};
    int[] ids = {0, 1, start, start + 1};
    for (int i = 0; i < special.length; i++) {
      added
          .addObject()
          .put("id", ids[i])
          .put("content", special[i])
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putObject("normalizer").put("type", "Lowercase");
    ObjectNode pre = json.putObject("pre_tokenizer").put("type", "Sequence");
    var steps = pre.putArray("pretokenizers");
    steps.addObject().put("type", "WhitespaceSplit");
    steps.addObject().put("type", "Punctuation").put("behavior", "Isolated");
    ObjectNode post = json.putObject("post_processor").put("type", "TemplateProcessing");
    var single = post.putArray("single");
    single.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    single.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
    var pair = post.putArray("pair");
    pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
    ObjectNode specials = post.putObject("special_tokens");
    for (int i = 2; i < 4; i++) {
      ObjectNode token = specials.putObject(special[i]).put("id", special[i]);
      token.putArray("ids").add(ids[i]);
      token.putArray("tokens").add(special[i]);
    }
    json.putNull("decoder");
    ObjectNode model = json.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab").put("[PAD]", 0).put("[UNK]", 1);
    for (int i = 2; i < start; i++) {
      vocabulary.put(i - 2 < words.size() ? words.get(i - 2) : "word" + i, i);
    }
    vocabulary.put("<s>", start).put("</s>", start + 1);
    model.put("unk_token", "[UNK]");
    return json;
  }

  /**
   * preprocessor_config.json: OpenAI's means, bicubic, the shorter edge to the size, centre cut.
   */
  public static ObjectNode preprocessor(Sizes s) {
    ObjectNode json = JSON.createObjectNode();
    json.put("image_processor_type", "CLIPImageProcessor");
    json.put("do_resize", true).putObject("size").put("shortest_edge", s.image());
    json.put("resample", 3).put("do_center_crop", true);
    json.putObject("crop_size").put("height", s.image()).put("width", s.image());
    json.put("do_rescale", true).put("rescale_factor", 1 / 255.0);
    json.put("do_normalize", true).put("do_convert_rgb", true);
    json.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
    json.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
    return json;
  }

  /** A whole folder of these sizes. */
  public static Path write(Path folder, Sizes s, List<String> words) {
    json(folder.resolve("config.json"), config(s));
    json(folder.resolve("tokenizer.json"), tokenizer(s, words));
    json(folder.resolve("preprocessor_config.json"), preprocessor(s));
    new CheckpointWriter(shapes(s)).safetensors(folder.resolve("model.safetensors"));
    return folder;
  }

  public static void json(Path file, ObjectNode json) {
    try {
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
