package org.m2ib.lab.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.m2ib.clip.TensorSource;

/**
 * All trainable tensors, by name. The towers get the model's own tensors and compute with the very
 * arrays that are trained; {@code training.*} are auxiliary and used only in training.
 */
final class Parameters implements TensorSource {
  static final String HELPER = "training.";

  private final Map<String, NDArray> all = new LinkedHashMap<>();

  /** Random values determined by the seed. */
  Parameters(NDManager manager, SmallClip sizes, Map<String, long[]> helpers, long seed) {
    Random random = new Random(seed); // its gaussian is the same on every machine
    Map<String, long[]> shapes = new LinkedHashMap<>(sizes.shapes());
    shapes.putAll(helpers);
    shapes.forEach(
        (name, shape) -> {
          NDArray values =
              manager
                  .create(start(name, shape, sizes.grid(), random), new Shape(shape))
                  .duplicate();
          values.setRequiresGradient(true);
          all.put(name, values);
        });
  }

  private static float[] start(String name, long[] shape, int grid, Random random) {
    int n = 1;
    for (long dimension : shape) {
      n *= (int) dimension;
    }
    boolean one = shape.length == 1 && name.endsWith(".weight");
    double width =
        shape.length == 1
            ? name.endsWith("class_embedding") ? 0.02 : 0
            : name.contains("embeddings.") && !name.contains("patch")
                ? 0.02
                : 0.6 / Math.sqrt((double) n / shape[0]);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) ((one ? 1 : 0) + width * random.nextGaussian());
    }
    if (name.equals("vision_model.embeddings.position_embedding.weight")) {
      addWaves(values, (int) shape[1], grid);
    }
    return values;
  }

  /**
   * Waves over columns and rows, half a wave to four. Starting from noise alone, a mirror-symmetric
   * chest teaches both sides the same positions, and left is not distinguished from right.
   */
  private static void addWaves(float[] positions, int width, int grid) {
    for (int patch = 0; patch < grid * grid; patch++) {
      double column = (patch % grid + 0.5) * 2 / grid - 1;
      double row = (patch / grid + 0.5) * 2 / grid - 1;
      for (int k = 0; k < width; k++) {
        double frequency = Math.PI / 2 * StrictMath.pow(8, (k / 4) / (width / 4 - 1.0));
        double phase = k / 2 % 2 * Math.PI / 2;
        double wave = StrictMath.sin(frequency * (k % 2 == 0 ? column : row) + phase);
        positions[(1 + patch) * width + k] += (float) (0.4 * wave);
      }
    }
  }

  /** Every tensor, including auxiliary ones. */
  Map<String, NDArray> all() {
    return all;
  }

  NDArray helper(String name) {
    return all.get(HELPER + name);
  }

  /** Only the model's. */
  Map<String, NDArray> model() {
    Map<String, NDArray> model = new LinkedHashMap<>(all);
    model.keySet().removeIf(name -> name.startsWith(HELPER));
    return model;
  }

  @Override
  public String name() {
    return "parameters in training";
  }

  @Override
  public Set<String> tensors() {
    return all.keySet().stream()
        .filter(name -> !name.startsWith(HELPER))
        .collect(Collectors.toSet());
  }

  @Override
  public long[] shape(String tensor) {
    return all.get(tensor).getShape().getShape();
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    return all.get(tensor);
  }
}
