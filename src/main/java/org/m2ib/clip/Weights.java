package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Hands out a checkpoint's tensors by name and finally checks that none is left over. A family
 * requests every tensor that its configuration implies, so a missing, unexpected or wrongly shaped
 * tensor is found and named.
 */
public final class Weights {
  /** With more missing tensors than this, it is another model. */
  private static final int MOST = 1000;

  /** Maximum number of missing or unexpected tensors named in a message. */
  private static final int SHOWN = 5;

  private final TensorSource source;
  private final NDManager manager;
  private final String config;
  private final Map<String, long[]> missing = new LinkedHashMap<>();
  private final NavigableSet<String> unread;
  private final Set<String> ignored = new TreeSet<>();

  /**
   * @param manager owns the weights
   * @param config file that determines the tensors, for messages: config.json
   */
  public Weights(TensorSource source, NDManager manager, String config) {
    this.source = source;
    this.manager = manager;
    this.config = config;
    this.unread = new TreeSet<>(source.tensors());
  }

  /**
   * Returns a tensor. {@link #finish} reports missing tensors, all at once.
   *
   * @return float32 of this shape, every value finite
   * @throws ModelException if the tensor has another shape or type, or is not finite
   */
  public NDArray take(String tensor, long... shape) {
    if (!has(tensor)) {
      missing.put(tensor, shape);
      if (missing.size() >= MOST) {
        throw mismatch();
      }
      return manager
          .zeros(new Shape(1))
          .broadcast(shape); // a placeholder without memory; never used
    }
    if (!Arrays.equals(source.shape(tensor), shape)) {
      throw ModelException.ofTensor(
          source.name(tensor),
          tensor,
          "has shape "
              + Arrays.toString(source.shape(tensor))
              + "; "
              + config
              + " needs "
              + Arrays.toString(shape));
    }
    NDArray values = source.read(manager, tensor);
    if (!isFinite(values)) {
      throw ModelException.ofTensor(
          source.name(tensor), tensor, "contains NaN or infinite values; the file is damaged");
    }
    unread.remove(tensor);
    return values;
  }

  /** Returns a number stored as a scalar or as a vector with one element. */
  public double number(String tensor) {
    boolean scalar = has(tensor) && source.shape(tensor).length == 0;
    try (NDArray value = scalar ? take(tensor) : take(tensor, 1)) {
      return value.toFloatArray()[0];
    }
  }

  public boolean has(String tensor) {
    return source.tensors().contains(tensor);
  }

  /**
   * Returns one dimension of a tensor, for layouts without a configuration, where shapes define the
   * model.
   *
   * @throws ModelException if the tensor does not exist or has another number of dimensions
   */
  public int size(String tensor, int dimensions, int axis) {
    if (!has(tensor)) {
      throw ModelException.ofTensor(source.name(), tensor, "is missing");
    }
    long[] shape = source.shape(tensor);
    if (shape.length != dimensions || shape[axis] < 1 || shape[axis] > 10_000_000) {
      throw ModelException.ofTensor(
          source.name(),
          tensor,
          "has shape %s; %d dimensions are needed".formatted(Arrays.toString(shape), dimensions));
    }
    return (int) shape[axis];
  }

  /**
   * Returns the number of layers: names after {@code prefix} count from 0 without gaps.
   *
   * @throws ModelException if there are none
   */
  public int count(String prefix) {
    int count = 0;
    while (hasPrefix(prefix + count + ".")) {
      count++;
    }
    if (count == 0) {
      throw ModelException.ofTensor(source.name(), prefix + "0", "is missing: no layer");
    }
    return count;
  }

  private boolean hasPrefix(String prefix) {
    return source.tensors().stream().anyMatch(tensor -> tensor.startsWith(prefix));
  }

  /** A finite sum has only finite terms. If finite terms overflow, x * 0 decides. */
  private static boolean isFinite(NDArray values) {
    try (NDArray sum = values.sum()) {
      if (Float.isFinite(sum.getFloat())) {
        return true;
      }
    }
    try (NDArray zeros = values.mul(0f);
        NDArray sum = zeros.sum()) {
      return sum.getFloat() == 0f;
    }
  }

  /** Marks a tensor as unused, if the checkpoint has it. */
  public void ignore(String tensor) {
    if (unread.remove(tensor)) {
      ignored.add(tensor);
    }
  }

  /**
   * @return the tensors marked as unused, in name order
   * @throws ModelException if a tensor is missing, or one was never requested
   */
  public List<String> finish() {
    if (!missing.isEmpty() || !unread.isEmpty()) {
      throw mismatch();
    }
    return List.copyOf(ignored);
  }

  /** Names the first missing or unexpected tensors and counts all. */
  private ModelException mismatch() {
    String all =
        "; %d missing%s, %d unexpected%s. Is this %s from the same model?"
            .formatted(
                missing.size(),
                firstNames(missing.keySet()),
                unread.size(),
                firstNames(unread),
                config);
    if (missing.isEmpty()) {
      String spare = unread.first();
      return ModelException.ofTensor(
          source.name(spare),
          spare,
          "is not part of the model that " + config + " describes" + all);
    }
    Map.Entry<String, long[]> first = missing.entrySet().iterator().next();
    return ModelException.ofTensor(
        source.name(),
        first.getKey(),
        "is missing; %s needs it with shape %s".formatted(config, Arrays.toString(first.getValue()))
            + all);
  }

  private static String firstNames(Set<String> tensors) {
    String names = tensors.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return tensors.isEmpty() ? "" : " (" + names + (tensors.size() > SHOWN ? ", ...)" : ")");
  }
}
