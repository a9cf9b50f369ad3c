package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;

/**
 * A residual block of three convolutions (arXiv 1512.03385, figure 5). The middle one has the
 * stride, or a mean over squares behind it does, as OpenAI's have it.
 *
 * @param pooled rows and columns of the squares; 1: none
 * @param shortcut null where what comes in is added as it is
 */
public record Bottleneck(
    Convolution first, Convolution second, Convolution third, int pooled, Convolution shortcut) {

  /** (B, C, H, W) to (B, O, H / stride, W / stride). */
  NDArray apply(NDArray x) {
    NDArray y = Activation.relu(first.apply(x));
    y = third.apply(pool(Activation.relu(second.apply(y))));
    return Activation.relu(y.add(shortcut == null ? x : shortcut.apply(pool(x))));
  }

  private NDArray pool(NDArray x) {
    if (pooled == 1) {
      return x;
    }
    Shape square = new Shape(pooled, pooled);
    return Pool.avgPool2d(x, square, square, new Shape(0, 0), false, true);
  }

  int stride() {
    return pooled * second.stride();
  }

  int width() {
    return third.out();
  }

  /**
   * Multiply-adds times two.
   *
   * @param places rows times columns that leave the block
   */
  double flops(double places) {
    double in = places * stride() * stride();
    return first.flops(in)
        + second.flops(places * pooled * pooled)
        + third.flops(places)
        + (shortcut == null ? 0 : shortcut.flops(places));
  }

  /** Float32 tensors that a backward pass through the block needs kept, and makes. */
  double bytes(double places) {
    double in = places * stride() * stride();
    return 4.0 * 2 * (2 * in * first.out() + 2 * in * second.out() + 3 * places * third.out());
  }
}
