package org.m2ib.clip;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.m2ib.clip.hf.HfClip;

/** The expected values of one model, and that model with formula weights. */
public final class Golden {
  private final JsonNode json;

  public Golden(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("golden-" + name + ".json")) {
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

  public int layer() {
    return json.at("/config/layer").asInt();
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
  public HfClip towers(NDManager manager) {
    return HfClip.load(HfFolder.config(sizes()), new FormulaWeights(shapes()), manager);
  }

  /** uniform * 1.5 from the stream "pixels". */
  public float[] pixels() {
    CounterStream uniform = new CounterStream("pixels");
    float[] pixels = new float[3 * sizes().image() * sizes().image()];
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
    return new Tokens(tokens, false);
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
