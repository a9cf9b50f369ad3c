package org.m2ib.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Computes gradients by automatic differentiation in PyTorch.
 *
 * <p>DJL's own gradient collector allows one differentiation at a time in the whole process.
 * PyTorch has no such limit, because its gradient mode is per thread. It is therefore called
 * directly, so that several maps can be computed in parallel.
 */
public final class Autograd {

  private Autograd() {}

  /**
   * Creates a constant for use in a differentiated function. DJL's {@code mul(Number)} and similar
   * methods put the number into a Java buffer and release it, but PyTorch keeps the address for the
   * backward pass. A garbage collection in between silently corrupts the gradient. This constant
   * lives in PyTorch's memory.
   *
   * @return a scalar, float32, in the manager of x
   */
  public static NDArray constant(NDArray x, float value) {
    return x.getManager().full(new Shape(), value);
  }

  /** A function's value and its gradient. */
  public record Result(NDArray value, NDArray gradient) {}

  /**
   * Evaluates a function and its gradient at x.
   *
   * @param x the point, of any shape; not modified
   * @param function returns a scalar; only x is differentiated, weights are constants. Numbers that
   *     it combines with x must come from {@link #constant}.
   * @return the value and d value / d x in the shape of x, in the manager of x
   */
  public static Result of(NDArray x, UnaryOperator<NDArray> function) {
    NDArray leaf = x.stopGradient(); // a new leaf, because PyTorch adds to an existing gradient
    leaf.setRequiresGradient(true);
    NDArray value = backward(() -> function.apply(leaf));
    return new Result(value.stopGradient(), leaf.getGradient());
  }

  /**
   * Evaluates the gradients of several functions at x, whose common part runs once.
   *
   * @param x the point, of any shape; not modified
   * @param functions returns V scalars, (V)
   * @return d value / d x for each of them, (V, shape of x), in the manager of x
   */
  public static NDArray ofMany(NDArray x, UnaryOperator<NDArray> functions) {
    NDArray leaf = x.stopGradient();
    leaf.setRequiresGradient(true);
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      NDArray values = functions.apply(leaf);
      int n = (int) values.getShape().get(0);
      NDArray one = x.getManager().ones(new Shape(), values.getDataType());
      NDList gradients = new NDList();
      for (int i = 0; i < n; i++) {
        try (NDArray value = values.get(i)) {
          JniUtils.backward((PtNDArray) value, (PtNDArray) one, i < n - 1, false);
        }
        NDArray gradient = leaf.getGradient();
        gradients.add(gradient.duplicate());
        gradient.subi(gradient); // PyTorch adds to an existing gradient
      }
      return NDArrays.stack(gradients);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Adds to the gradients of all tensors that require one and that the function uses.
   *
   * @param function returns a scalar
   * @return that scalar
   */
  public static NDArray backward(Supplier<NDArray> function) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      NDArray value = function.get();
      NDArray one = value.getManager().ones(value.getShape(), value.getDataType());
      JniUtils.backward((PtNDArray) value, (PtNDArray) one, false, false);
      return value;
    } finally {
      JniUtils.setGradMode(before);
    }
  }
}
