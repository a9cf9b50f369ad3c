package org.m2ib.clip;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Gradients by the engine's automatic differentiation. The engine has one gradient collector for
 * the process, so callers take turns here; each computation uses all cores anyway.
 */
public final class Autograd {
  private static final ReentrantLock COLLECTOR = new ReentrantLock();

  private Autograd() {}

  /** A function's value and its gradient. */
  public record Result(NDArray value, NDArray gradient) {}

  /**
   * @param x where; its values are not changed
   * @param function makes a scalar; only x is differentiated, weights are constants
   * @return the value and d value / d x in the shape of x, in the manager of x
   */
  public static Result of(NDArray x, UnaryOperator<NDArray> function) {
    COLLECTOR.lock();
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      x.setRequiresGradient(true);
      NDArray value = function.apply(x);
      collector.backward(value);
      NDArray gradient = x.getGradient();
      return new Result(value.stopGradient(), gradient);
    } finally {
      x.setRequiresGradient(false);
      COLLECTOR.unlock();
    }
  }
}
