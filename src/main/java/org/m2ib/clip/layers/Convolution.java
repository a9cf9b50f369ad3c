package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.m2ib.clip.Weights;
import org.m2ib.engine.Autograd;

/**
 * A convolution without bias, with the following batch normalisation folded in. O output channels,
 * I input channels, K rows and columns of the kernel; padded so that stride 1 keeps the size.
 *
 * @param weight (O, I, K, K)
 * @param bias (O)
 */
public record Convolution(NDArray weight, NDArray bias, int stride) {
  private static final float EPSILON = 1e-5f;

  /**
   * Loads {@code conv.weight} and the batch normalisation's parameters and statistics, and folds
   * them into the kernel.
   */
  public static Convolution load(
      Weights weights, String conv, String norm, long in, int kernel, int stride) {
    int out = weights.size(conv + ".weight", 4, 0);
    weights.ignore(norm + ".num_batches_tracked");
    try (NDArray kernels = weights.take(conv + ".weight", out, in, kernel, kernel);
        NDArray gain = weights.take(norm + ".weight", out);
        NDArray shift = weights.take(norm + ".bias", out);
        NDArray mean = weights.take(norm + ".running_mean", out);
        NDArray variance = weights.take(norm + ".running_var", out)) {
      NDArray scale = gain.div(variance.add(Autograd.constant(variance, EPSILON)).sqrt()); // (O)
      return new Convolution(
          kernels.mul(scale.reshape(out, 1, 1, 1)), shift.sub(mean.mul(scale)), stride);
    }
  }

  /** Convolves (B, I, H, W) to (B, O, H / stride, W / stride). */
  public NDArray apply(NDArray x) {
    int padding = kernel() / 2;
    return Conv2d.conv2d(x, weight, bias, new Shape(stride, stride), new Shape(padding, padding))
        .singletonOrThrow();
  }

  private int kernel() {
    return (int) weight.getShape().get(2);
  }

  int out() {
    return (int) weight.getShape().get(0);
  }

  /** Returns the FLOPs (two per multiply-add) for a number of output cells. */
  public double flops(double places) {
    return 2 * places * weight.size();
  }
}
