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
 * <p>DJL's own collector lets one computation of the whole process differentiate at a time. The
 * engine itself has no such limit, since its gradient mode is a thread's: it is called directly
 * here, so that maps are made side by side.
 */
public final class Autograd {

  private Autograd() {}

  /**
   * A number for a function that is differentiated. DJL's own {@code mul(Number)} and its like lay
   * the number into a buffer of Java's and let go of it, while the engine keeps the address for the
   * backward pass: a garbage collection between the two puts anything in its place, and the
   * gradient is silently wrong. This one lies in the engine's memory.
   *
   * @return a scalar, float32, in the manager of x
   */
  public static NDArray constant(NDArray x, float value) {
    return x.getManager().full(new Shape(), value);
  }

  /** A function's value and its gradient. */
  public record Result(NDArray value, NDArray gradient) {}

  /**
   * @param x where; its values are not changed
   * @param function makes a scalar; only x is differentiated, weights are constants. What it makes
   *     of x takes its numbers from {@link #constant}.
   * @return the value and d value / d x in the shape of x, in the manager of x
   */
  public static Result of(NDArray x, UnaryOperator<NDArray> function) {
    NDArray leaf = x.stopGradient(); // of its own, since the engine adds to a gradient there is
    leaf.setRequiresGradient(true);
    NDArray value = backward(() -> function.apply(leaf));
    return new Result(value.stopGradient(), leaf.getGradient());
  }

  /**
   * Adds to the gradient of every tensor that requires one and that the function is made of.
   *
   * @param function makes a scalar
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
