package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Weights from a formula instead of a file: every value follows from the tensor's name and its
 * index, so that any program on any machine has the same model. They have learnt nothing.
 * Half-widths are chosen so that activations look like a trained model's.
 */
public final class FormulaWeights implements TensorSource {
  private final Map<String, long[]> shapes;

  /**
   * @param shapes of each tensor, by its name in a checkpoint
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

  /** The row-major values of one tensor. */
  public static float[] values(String tensor, long... shape) {
    int n = 1;
    for (long dimension : shape) {
      n = Math.toIntExact(n * dimension);
    }
    boolean norm = tensor.endsWith(".weight") && shape.length == 1;
    double middle = norm ? 1 : 0;
    double halfWidth = norm ? 0.1 : halfWidth(tensor, n, shape);
    CounterStream uniform = new CounterStream(tensor);
    float[] values = new float[n];
    IntStream.range(0, n)
        .parallel()
        .forEach(i -> values[i] = (float) (middle + halfWidth * (2 * uniform.at(i) - 1)));
    return values;
  }

  private static double halfWidth(String tensor, int n, long[] shape) {
    if (tensor.endsWith("bias")) {
      return 0.05;
    }
    if (has(tensor, "token_embedding", "class_embedding")) {
      return 0.5;
    }
    if (has(tensor, "position_embedding")) {
      return 0.25;
    }
    double gain = has(tensor, "q_proj", "k_proj") ? 1.5 : 1.0;
    return gain * Math.sqrt(3.0 / (n / shape[0])); // over the fan-in
  }

  private static boolean has(String tensor, String... parts) {
    return Stream.of(parts).anyMatch(tensor::contains);
  }
}
