package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.clip.Weights;

/**
 * A bottleneck residual block of three convolutions (arXiv 1512.03385, figure 5). The stride is in
 * the second convolution or, in OpenAI's variant, in an average pool after it.
 *
 * @param pooled rows and columns of the average pool; 1 for none
 * @param shortcut null if the input is added unchanged
 */
public record ResidualBottleneck(
    Convolution first, Convolution second, Convolution third, int pooled, Convolution shortcut) {
  private static final int STAGES = 4;

  /**
   * Loads the blocks of all four stages, {@code layer1.0} and so on. Every stage but the first
   * begins with a stride of 2.
   *
   * @param prefix prefix of the tensor names
   * @param in input channels of the first block
   * @param means whether the stride is in an average pool instead of a convolution
   */
  public static List<ResidualBottleneck> load(
      Weights weights, String prefix, int in, boolean means) {
    List<ResidualBottleneck> blocks = new ArrayList<>();
    int channels = in;
    for (int stage = 1; stage <= STAGES; stage++) {
      String name = prefix + "layer" + stage + ".";
      int n = weights.count(name);
      for (int i = 0; i < n; i++) {
        int stride = i == 0 && stage > 1 ? 2 : 1;
        blocks.add(block(weights, name + i + ".", channels, stride, means));
        channels = blocks.get(blocks.size() - 1).width();
      }
    }
    return blocks;
  }

  private static ResidualBottleneck block(
      Weights weights, String name, int in, int stride, boolean means) {
    int width = weights.size(name + "conv1.weight", 4, 0);
    int pooled = means ? stride : 1;
    int convolved = means ? 1 : stride;
    return new ResidualBottleneck(
        Convolution.load(weights, name + "conv1", name + "bn1", in, 1, 1),
        Convolution.load(weights, name + "conv2", name + "bn2", width, 3, convolved),
        Convolution.load(weights, name + "conv3", name + "bn3", width, 1, 1),
        pooled,
        weights.has(name + "downsample.0.weight")
            ? Convolution.load(
                weights, name + "downsample.0", name + "downsample.1", in, 1, convolved)
            : null);
  }

  /** Applies the block: (B, C, H, W) to (B, O, H / stride, W / stride). */
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

  public int width() {
    return third.out();
  }

  /**
   * Returns the FLOPs (two per multiply-add).
   *
   * @param places rows times columns of the block's output
   */
  double flops(double places) {
    double in = places * stride() * stride();
    return first.flops(in)
        + second.flops(places * pooled * pooled)
        + third.flops(places)
        + (shortcut == null ? 0 : shortcut.flops(places));
  }

  /**
   * Returns the bytes of float32 tensors that a backward pass through the block keeps or creates.
   */
  double bytes(double places) {
    double in = places * stride() * stride();
    return 4.0 * 2 * (2 * in * first.out() + 2 * in * second.out() + 3 * places * third.out());
  }
}
