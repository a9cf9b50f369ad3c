package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.engine.CounterRng;

/**
 * Weights computed from a formula instead of read from a file. Every value follows from the
 * tensor's name and index, so any program on any machine has the same model. The weights are
 * untrained. Their ranges are chosen so that activations resemble those of a trained model.
 */
public final class FormulaWeights implements TensorSource {
  private final Map<String, long[]> shapes;

  /**
   * @param shapes shapes of the tensors, by their names in a checkpoint
   */
  public FormulaWeights(Map<String, long[]> shapes) {
    this.shapes = Map.copyOf(shapes);
  }

  @Override
  public String name() {
    return "formula weights";
  }

  @Override
  public Set<String> tensors() {
    return shapes.keySet();
  }

  @Override
  public long[] shape(String tensor) {
    return shapes.get(tensor);
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    long[] shape = shapes.get(tensor);
    try (NDArray java = manager.create(values(tensor, shape), new Shape(shape))) {
      return java.duplicate();
    }
  }

  /**
   * Returns the row-major values of one tensor. The tensor's name selects centre and half-width;
   * the first match applies. Vectors ending in "weight" and "running_var" (of LayerNorm,
   * BatchNorm): 1 &plusmn; 0.1. Biases, "running_mean": 0 &plusmn; 0.05. Tokens, class token and
   * probe: &plusmn; 0.5. Positions: &plusmn; 0.25. Any other tensor is a matrix or kernel: &plusmn;
   * gain &radic;(3 / fan-in), with a gain of 1.5 for queries and keys.
   */
  public static float[] values(String tensor, long... shape) {
    int n = 1;
    for (long dimension : shape) {
      n = Math.toIntExact(n * dimension);
    }
    boolean norm = tensor.endsWith(".weight") && shape.length == 1 || has(tensor, "running_var");
    double middle = norm ? 1 : 0;
    double halfWidth = norm ? 0.1 : halfWidth(tensor, n, shape);
    CounterRng uniform = new CounterRng(tensor);
    float[] values = new float[n];
    IntStream.range(0, n)
        .parallel()
        .forEach(i -> values[i] = (float) (middle + halfWidth * (2 * uniform.at(i) - 1)));
    return values;
  }

  private static double halfWidth(String tensor, int n, long[] shape) {
    if (tensor.endsWith("bias") || has(tensor, "running_mean")) {
      return 0.05;
    }
    if (has(
        tensor, "token_embedding", "word_embeddings", "class_embedding", "cls_token", "probe")) {
      return 0.5;
    }
    if (has(
        tensor,
        "position_embedding",
        "positional_embedding",
        "pos_embed",
        "token_type",
        "relative_position_bias_table")) {
      return 0.25;
    }
    double gain = has(tensor, "q_proj", "k_proj", "query", "key", "qkv", "in_proj") ? 1.5 : 1.0;
    return gain * Math.sqrt(3.0 / fanIn(tensor, n, shape));
  }

  /**
   * OpenAI stores "visual.proj" and "text_projection" as (in, out); everything else is (out, in).
   */
  private static long fanIn(String tensor, int n, long[] shape) {
    if (shape.length == 0) {
      return 1;
    }
    boolean inFirst = tensor.endsWith("proj") || tensor.endsWith("projection");
    return inFirst ? shape[0] : n / shape[0];
  }

  private static boolean has(String tensor, String... parts) {
    return Stream.of(parts).anyMatch(tensor::contains);
  }
}
