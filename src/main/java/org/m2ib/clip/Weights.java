package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Hands a checkpoint's tensors to a model one by one, under their names in the checkpoint, and at
 * the end tells which were left. A family asks for every tensor that config.json implies, so a
 * missing, spare or wrong-shaped one is found and named.
 */
public final class Weights {
  private final TensorSource source;
  private final NDManager manager;
  private final Set<String> left;

  /**
   * @param manager owns the weights
   */
  public Weights(TensorSource source, NDManager manager) {
    this.source = source;
    this.manager = manager;
    this.left = new HashSet<>(source.tensors());
  }

  /**
   * @return float32 of this shape, every value finite
   * @throws ModelException when it is absent, of another shape or type, or not finite
   */
  public NDArray take(String tensor, long... shape) {
    if (!source.tensors().contains(tensor)) {
      throw ModelException.ofTensor(
          source.name(),
          tensor,
          "is missing; config.json asks for it with shape "
              + Arrays.toString(shape)
              + ". Is this config.json of the same model?");
    }
    if (!Arrays.equals(source.shape(tensor), shape)) {
      throw ModelException.ofTensor(
          source.name(),
          tensor,
          "has shape "
              + Arrays.toString(source.shape(tensor))
              + "; config.json asks for "
              + Arrays.toString(shape));
    }
    NDArray values = source.read(manager, tensor);
    // One pass: a sum over x * 0 is 0 exactly when every value is finite.
    try (NDArray zeros = values.mul(0f);
        NDArray sum = zeros.sum()) {
      if (sum.getFloat() != 0f) {
        throw ModelException.ofTensor(
            source.name(), tensor, "holds NaN or infinite values; the file is damaged");
      }
    }
    left.remove(tensor);
    return values;
  }

  /** Leaves a tensor unread that some checkpoints carry and no computation here needs. */
  public void ignore(String tensor) {
    left.remove(tensor);
  }

  /**
   * @throws ModelException when the checkpoint holds a tensor that nobody asked for
   */
  public void requireAllTaken() {
    left.stream()
        .sorted()
        .findFirst()
        .ifPresent(
            spare -> {
              throw ModelException.ofTensor(
                  source.name(),
                  spare,
                  "is not part of the model that config.json describes ("
                      + left.size()
                      + " such). Is this config.json of the same model?");
            });
  }
}
