package org.m2ib.engine;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The type that a model's matrix products run in. Like PyTorch's autocast, it is a property of the
 * calling thread for the time of one computation, so that the same towers serve both: inside {@link
 * #during}, inputs and weights of linear layers are rounded to bfloat16, and so are query, key,
 * value and scores of the attention of all tokens, and what goes through an MLP's activation. The
 * residual states, normalisation and the attention of a single token stay float32.
 *
 * <p>DJL does not know bfloat16: asking such an array for its type gives nothing useful, and
 * converting to it ends the process. Arrays in it therefore never leave the layer that makes them,
 * and conversions are TorchScript's.
 */
public enum Precision {
  /** 24 bits of mantissa. */
  FLOAT32,
  /** 8 bits of mantissa, float32's range; products are summed in float32. */
  BFLOAT16;

  private static final ThreadLocal<Precision> CURRENT = ThreadLocal.withInitial(() -> FLOAT32);

  private static final Script ROUND = new Script("x: Tensor", "torch.to(x, 15)");
  private static final Script WIDEN = new Script("x: Tensor", "torch.to(x, 6)");

  /** Returns whether linear layers run in bfloat16 on this thread now. */
  public static boolean isReduced() {
    return CURRENT.get() == BFLOAT16;
  }

  /** Returns an array in bfloat16, in the manager of x. */
  public static NDArray rounded(NDArray x) {
    return ROUND.apply(x);
  }

  /** Returns an array in float32, in the manager of x. */
  public static NDArray widened(NDArray x) {
    return WIDEN.apply(x);
  }

  /** Runs a computation in this precision on this thread. */
  public <T> T during(Supplier<T> computation) {
    Precision before = CURRENT.get();
    CURRENT.set(this);
    try {
      return computation.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Returns its name in configuration and results. */
  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
