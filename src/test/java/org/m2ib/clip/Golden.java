package org.m2ib.clip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.m2ib.clip.checkpoint.CheckpointWriter;
import org.m2ib.engine.CounterRng;

/** The expected values of one model, and that model with formula weights. */
public final class Golden {
  private final JsonNode json;

  public Golden(String name) {
    try (InputStream in =
        Golden.class.getResourceAsStream("/org/m2ib/clip/golden-" + name + ".json")) {
      json = new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public HfFolder.Sizes sizes() {
    JsonNode v = json.at("/config/vision");
    JsonNode t = json.at("/config/text");
    return new HfFolder.Sizes(
        v.get("width").asInt(),
        v.get("layers").asInt(),
        v.get("heads").asInt(),
        v.get("patch").asInt(),
        v.get("image").asInt(),
        t.get("width").asInt(),
        t.get("layers").asInt(),
        t.get("heads").asInt(),
        t.get("vocab").asInt(),
        t.get("context").asInt(),
        json.at("/config/projection").asInt());
  }

  /** Writes the files published with the checkpoint, and a tokeniser of the model's size. */
  public void writeFiles(Path folder) {
    JsonNode config = json.get("config");
    json.path("published")
        .properties()
        .forEach(
            file -> HfFolder.json(folder.resolve(file.getKey()), (ObjectNode) file.getValue()));
    if (config.get("family").asText().startsWith("medclip")) {
      HfFolder.json(folder.resolve("config.json"), Published.medClip(config));
    }
    if (config.get("family").asText().endsWith("siglip")) {
      String padding = config.path("padding").asInt(1) == 0 ? "[PAD]" : "[UNK]"; // ids 0 and 1
      HfFolder.json(
          folder.resolve("tokenizer_config.json"),
          JsonNodeFactory.instance.objectNode().put("pad_token", padding));
    }
    int vocabulary = config.at("/text/vocab").asInt();
    HfFolder.Sizes sizes = new HfFolder.Sizes(0, 0, 0, 0, 0, 0, 0, 0, vocabulary, 0, 0);
    List<String> words = List.of("small", "left", "pleural", "effusion", "no");
    HfFolder.json(folder.resolve("tokenizer.json"), HfFolder.tokenizer(sizes, words));
  }

  /** Writes a whole folder, as Hugging Face's models are published. */
  public void writeFolder(Path folder) {
    writeFiles(folder);
    HfFolder.json(
        folder.resolve("preprocessor_config.json"),
        JsonNodeFactory.instance
            .objectNode()
            .put("size", imageSize())
            .put("crop_size", imageSize()));
    new CheckpointWriter(shapes()).safetensors(folder.resolve("model.safetensors"));
  }

  /** Of the text side. */
  public int layer() {
    return json.at("/config/layer").asInt();
  }

  /** Of the image side: a ResNet's golden names a stage, behind whose last block it is. */
  public int imageLayer() {
    JsonNode stage = json.at("/config/stage");
    if (stage.isMissingNode()) {
      return layer();
    }
    int blocks = 0;
    for (int i = 0; i < stage.asText().charAt("layer".length()) - '0'; i++) {
      blocks += json.at("/config/vision/layers").get(i).asInt();
    }
    return blocks - 1;
  }

  /** The checkpoint's tensors as the golden lists them. */
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    json.get("tensors")
        .properties()
        .forEach(
            e -> {
              long[] shape = new long[e.getValue().size()];
              for (int i = 0; i < shape.length; i++) {
                shape[i] = e.getValue().get(i).asLong();
              }
              shapes.put(e.getKey(), shape);
            });
    return shapes;
  }

  /** The towers, from the golden's own list of tensors. */
  public Towers towers(NDManager manager) {
    return towers(manager, UnaryOperator.identity());
  }

  /** The same with weights changed on their way. */
  public Towers towers(NDManager manager, UnaryOperator<TensorSource> change) {
    JsonNode files =
        json.has("published")
            ? json.get("published")
            : JsonNodeFactory.instance.objectNode().set("config.json", HfFolder.config(sizes()));
    TensorSource weights = change.apply(new FormulaWeights(shapes()));
    return Published.towers(json.get("config"), files, weights, manager);
  }

  /** Rows and columns of the input. */
  public int imageSize() {
    return json.at("/config/vision/image").asInt();
  }

  /** uniform * 1.5 from the stream "pixels". */
  public float[] pixels() {
    CounterRng uniform = new CounterRng("pixels");
    float[] pixels = new float[3 * imageSize() * imageSize()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) ((2 * uniform.at(i) - 1) * 1.5);
    }
    return pixels;
  }

  public Tokens tokens() {
    List<Token> tokens = new ArrayList<>();
    double[] ids = values("token_ids");
    for (int i = 0; i < ids.length; i++) {
      tokens.add(new Token((int) ids[i], "t" + i, i, i + 1, i == 0 || i == ids.length - 1));
    }
    if (json.at("/config/family").asText().endsWith("siglip")) {
      int padding = json.at("/config/padding").asInt(1);
      while (tokens.size() < json.at("/config/text/context").asInt()) {
        tokens.add(new Token(padding, "", 0, 0, true)); // it is part of the sentence
      }
    }
    return new Tokens(tokens, OptionalInt.empty());
  }

  public boolean has(String key) {
    return json.has(key);
  }

  public double value(String key) {
    return json.get(key).asDouble();
  }

  public double[] values(String key) {
    return doubles(json.get(key));
  }

  /** Loss, mean capacity and fit of one step. */
  public double[] trace(String key, int step) {
    return doubles(json.get(key).get(step));
  }

  private static double[] doubles(JsonNode array) {
    return LongStream.range(0, array.size())
        .mapToDouble(i -> array.get((int) i).asDouble())
        .toArray();
  }
}
