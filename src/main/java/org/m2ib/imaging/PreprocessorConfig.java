package org.m2ib.imaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a Hugging Face preprocessor_config.json; missing keys have the defaults of its processor.
 */
final class PreprocessorConfig {
  private static final double[] CLIP_MEAN = {0.48145466, 0.4578275, 0.40821073};
  private static final double[] CLIP_STD = {0.26862954, 0.26130258, 0.27577711};
  private static final double[] HALF = {0.5, 0.5, 0.5};
  private static final int MAX_EDGE = 4096;

  /** Supported keys, and those that do not change what a model sees of a radiograph. */
  private static final Set<String> KNOWN =
      Set.of(
          "image_processor_type",
          "feature_extractor_type",
          "do_pad_square",
          "do_resize",
          "size",
          "resample",
          "do_center_crop",
          "crop_size",
          "do_rescale",
          "rescale_factor",
          "do_normalize",
          "image_mean",
          "image_std",
          "do_convert_rgb",
          "processor_class",
          "tokenizer_class",
          "use_fast",
          "data_format",
          "input_data_format",
          "return_tensors",
          "device",
          "disable_grouping",
          "_valid_processor_keys");

  private static final Set<String> STEPS =
      Set.of("do_resize", "do_center_crop", "do_rescale", "do_normalize");

  /** Processors with the steps below; others resize, crop or scale differently. */
  private static final Pattern PROCESSOR =
      Pattern.compile(
          "(CLIP|MedCLIP|Bit|Siglip|ViT)(ImageProcessor(Fast|Pil)?|FeatureExtractor)"
              + "|CLIP|torchvision|OpenCV");

  private final Path file;
  private final JsonNode json;

  private PreprocessorConfig(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /** The processors treat {@code null} as absent, except for the switches of steps. */
  private static JsonNode withoutNulls(JsonNode json) {
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    json.properties().stream()
        .filter(entry -> !entry.getValue().isNull() || STEPS.contains(entry.getKey()))
        .forEach(entry -> said.set(entry.getKey(), entry.getValue()));
    return said;
  }

  /**
   * @throws IOException if the file cannot be read
   * @throws PreprocessorConfigException if it is not supported
   */
  static Preprocessor read(Path file) throws IOException {
    try {
      return of(file, new ObjectMapper().readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new PreprocessorConfigException(file, null, "not JSON: " + e.getOriginalMessage());
    }
  }

  static Preprocessor of(Path file, JsonNode json) {
    if (!json.isObject()) {
      throw new PreprocessorConfigException(file, null, "not a JSON object");
    }
    return new PreprocessorConfig(file, withoutNulls(json)).preprocessor();
  }

  private Preprocessor preprocessor() {
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      JsonNode value = entry.getValue();
      boolean off = value.isNull() || value.isBoolean() && !value.asBoolean();
      if (!off && !KNOWN.contains(entry.getKey())) {
        throw wrong(entry.getKey(), "is unknown; ignoring it would give wrong results");
      }
    }
    String processor =
        json.path("image_processor_type")
            .asText(json.path("feature_extractor_type").asText("CLIP"));
    if (!PROCESSOR.matcher(processor).matches()) {
      throw wrong(
          json.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type",
          "'%s' is not supported; CLIP's, SigLIP's, ViT's and Bit's are".formatted(processor));
    }
    // ViT's and SigLIP's processors resize the whole image to a square, CLIP's crop one.
    boolean square = processor.startsWith("ViT") || processor.startsWith("Siglip");
    boolean crop = bool("do_center_crop", !square);
    int[] cropSize = crop ? rectangle("crop_size", 224) : null;
    if (square && crop) {
      throw wrong(
          "do_center_crop", processor + " resizes the whole image to a square and does not crop");
    }
    return new Preprocessor(
        bool("do_pad_square", false), // MedCLIP's own
        bool("do_resize", true) ? size(square) : null,
        resampling(absentResampling(processor)),
        cropSize,
        oddMargin(processor),
        bool("do_rescale", true) ? number("rescale_factor", 1 / 255.0) : 1,
        bool("do_normalize", true) ? three("image_mean", square ? HALF : CLIP_MEAN) : new double[3],
        bool("do_normalize", true)
            ? positive("image_std", three("image_std", square ? HALF : CLIP_STD))
            : new double[] {1, 1, 1});
  }

  private static Resampling absentResampling(String processor) {
    if (processor.startsWith("OpenCV")) {
      return Resampling.AREA;
    }
    return processor.startsWith("ViT") ? Resampling.BILINEAR : Resampling.BICUBIC;
  }

  private static Preprocessor.OddMargin oddMargin(String processor) {
    if (processor.startsWith("OpenCV")) {
      return Preprocessor.OddMargin.UP;
    }
    return processor.startsWith("torchvision")
        ? Preprocessor.OddMargin.EVEN
        : Preprocessor.OddMargin.DOWN;
  }

  private Preprocessor.Size size(boolean square) {
    JsonNode node = json.get("size");
    if (node == null || node.isIntegralNumber()) {
      int edge = node == null ? 224 : edge("size", node);
      return new Preprocessor.Size(edge, square ? edge : Preprocessor.Size.SHORTER);
    }
    if (square && !(node.has("height") && node.has("width"))) {
      throw wrong("size", "must be {height, width} for this image_processor_type");
    }
    if (node.has("shortest_edge") != node.has("longest_edge")) {
      return node.has("shortest_edge")
          ? edge("size.shortest_edge", node.get("shortest_edge"), Preprocessor.Size.SHORTER)
          : edge("size.longest_edge", node.get("longest_edge"), Preprocessor.Size.LONGER);
    }
    if (node.has("height") && node.has("width")) {
      return new Preprocessor.Size(
          edge("size.height", node.get("height")), edge("size.width", node.get("width")));
    }
    throw wrong("size", "must be a number, {shortest_edge}, {longest_edge} or {height, width}");
  }

  private int[] rectangle(String key, int absent) {
    JsonNode node = json.get(key);
    if (node == null) {
      return new int[] {absent, absent};
    }
    if (node.isIntegralNumber()) {
      return new int[] {edge(key, node), edge(key, node)};
    }
    if (node.has("height") && node.has("width")) {
      return new int[] {
        edge(key + ".height", node.get("height")), edge(key + ".width", node.get("width"))
      };
    }
    throw wrong(key, "must be a number or {height, width}");
  }

  private Preprocessor.Size edge(String key, JsonNode node, int which) {
    return new Preprocessor.Size(edge(key, node), which);
  }

  private int edge(String key, JsonNode node) {
    if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > MAX_EDGE) {
      throw wrong(key, node + " is not a whole number from 1 to " + MAX_EDGE);
    }
    return node.asInt();
  }

  private Resampling resampling(Resampling absent) {
    JsonNode node = json.get("resample");
    if (node == null) {
      return absent;
    }
    for (Resampling resampling : Resampling.values()) {
      if (node.isIntegralNumber() && node.asInt() > 0 && node.asInt() == resampling.number) {
        return resampling;
      }
    }
    throw wrong("resample", node + " is not one of Pillow's filters 1 to 5");
  }

  private boolean bool(String key, boolean absent) {
    JsonNode node = json.get(key);
    if (node == null || node.isNull() && !absent) {
      return absent;
    }
    if (node.isNull()) {
      throw wrong(
          key, "is null, which some versions of transformers treat as true and some as false");
    }
    if (!node.isBoolean()) {
      throw wrong(key, node + " is not true or false");
    }
    return node.asBoolean();
  }

  private double number(String key, double absent) {
    JsonNode node = json.get(key);
    if (node == null) {
      return absent;
    }
    if (!node.isNumber()) {
      throw wrong(key, node + " is not a number");
    }
    return node.asDouble();
  }

  private double[] three(String key, double[] absent) {
    JsonNode node = json.get(key);
    if (node == null) {
      return absent.clone();
    }
    if (node.isNumber()) {
      return new double[] {node.asDouble(), node.asDouble(), node.asDouble()};
    }
    if (!node.isArray() || node.size() != 3) {
      throw wrong(key, node + " is not three numbers");
    }
    double[] values = new double[3];
    for (int c = 0; c < 3; c++) {
      if (!node.get(c).isNumber()) {
        throw wrong(key, node + " is not three numbers");
      }
      values[c] = node.get(c).asDouble();
    }
    return values;
  }

  private double[] positive(String key, double[] values) {
    for (double value : values) {
      if (!(value > 0)) {
        throw wrong(key, value + " must be above 0");
      }
    }
    return values;
  }

  private PreprocessorConfigException wrong(String key, String what) {
    return new PreprocessorConfigException(file, key, what);
  }
}
