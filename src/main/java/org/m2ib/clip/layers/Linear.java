package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.clip.Weights;
import org.m2ib.engine.Precision;
import org.m2ib.engine.Script;

/** A linear layer, x W^T + b, in the thread's {@link Precision}. */
public final class Linear {
  private static final Script WITH_BIAS =
      new Script("x: Tensor, weight: Tensor, bias: Tensor", "torch.linear(x, weight, bias)");

  /** Compiled apart, because the engine optimises a script for the types that it meets. */
  private static final Script REDUCED =
      new Script("x: Tensor, weight: Tensor, bias: Tensor", "torch.linear(x, weight, bias)");

  private static final Script REDUCED_WITHOUT_BIAS =
      new Script("x: Tensor, weight: Tensor", "torch.linear(x, weight)");

  private final NDArray weight;
  private final NDArray bias;
  private Linear rounded;

  /**
   * @param weight (out, in)
   * @param bias (out), or null
   */
  public Linear(NDArray weight, NDArray bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** Loads {@code name.weight} and {@code name.bias}. */
  public static Linear load(Weights weights, String name, int out, int in) {
    return new Linear(weights.take(name + ".weight", out, in), weights.take(name + ".bias", out));
  }

  /** Loads {@code name.weight} only. */
  public static Linear withoutBias(Weights weights, String name, int out, int in) {
    return new Linear(weights.take(name + ".weight", out, in), null);
  }

  /** Loads a matrix that is published as (in, out). */
  public static Linear transposed(Weights weights, String tensor, int in, int out) {
    return new Linear(weights.take(tensor, in, out).transpose(), null);
  }

  /** Loads stacked projections, (n out, in), as n views. */
  public static List<Linear> stacked(
      Weights weights, String weight, String bias, int n, int out, int in) {
    NDArray w = weights.take(weight, (long) n * out, in);
    NDArray b = weights.take(bias, (long) n * out);
    return IntStream.range(0, n)
        .mapToObj(i -> new NDIndex("{}:{}", i * out, (i + 1) * out))
        .map(rows -> new Linear(w.get(rows), b.get(rows)))
        .toList();
  }

  /** Applies the layer to float32 of any shape (..., in): float32 (..., out). */
  public NDArray apply(NDArray x) {
    if (Precision.isReduced()) {
      return Precision.widened(reduced(Precision.rounded(x)));
    }
    return bias == null
        ? ai.djl.nn.core.Linear.linear(x, weight).singletonOrThrow()
        : WITH_BIAS.apply(x, weight, bias);
  }

  /** Applies the layer to bfloat16: (..., in) to (..., out). */
  NDArray reduced(NDArray x) {
    Linear half = rounded();
    return bias == null
        ? REDUCED_WITHOUT_BIAS.apply(x, half.weight)
        : REDUCED.apply(x, half.weight, half.bias);
  }

  /** Returns the layer with weights in bfloat16, which are made once and kept. */
  synchronized Linear rounded() {
    if (rounded == null) {
      rounded =
          new Linear(Precision.rounded(weight), bias == null ? null : Precision.rounded(bias));
    }
    return rounded;
  }

  /** Returns (out, in). */
  public NDArray weight() {
    return weight;
  }

  /** Returns (out), or null. */
  public NDArray bias() {
    return bias;
  }

  public int out() {
    return (int) weight.getShape().get(0);
  }

  public int in() {
    return (int) weight.getShape().get(1);
  }
}
