package org.m2ib.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Gradients by the engine's automatic differentiation.
 *
 * <p>DJL's own collector allows only one differentiation in the whole process at a time. The engine
 * has no such limit, because its gradient mode is per thread; it is called directly here, so that
 * maps can be computed in parallel.
 */
public final class Autograd {

  private Autograd() {}

  /**
   * A constant for a function that is differentiated. DJL's own {@code mul(Number)} and similar
   * methods put the number into a Java buffer and release it, while the engine keeps the address
   * for the backward pass: a garbage collection in between can overwrite it, and the gradient is
   * silently wrong. This constant is in the engine's memory.
   *
   * @return a scalar, float32, in the manager of x
   */
  public static NDArray constant(NDArray x, float value) {
    return x.getManager().full(new Shape(), value);
  }

  /** A function's value and its gradient. */
  public record Result(NDArray value, NDArray gradient) {}

  /**
   * @param x the point; its values are not changed
   * @param function returns a scalar; only x is differentiated, weights are constants. It must take
   *     its numbers from {@link #constant}.
   * @return the value and d value / d x in the shape of x, in the manager of x
   */
  public static Result of(NDArray x, UnaryOperator<NDArray> function) {
    NDArray leaf = x.stopGradient(); // of its own, since the engine adds to an existing gradient
    leaf.setRequiresGradient(true);
    NDArray value = backward(() -> function.apply(leaf));
    return new Result(value.stopGradient(), leaf.getGradient());
  }

  /**
   * Adds to the gradient of every tensor that requires one and that the function depends on.
   *
   * @param function returns a scalar
   * @return the scalar
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
