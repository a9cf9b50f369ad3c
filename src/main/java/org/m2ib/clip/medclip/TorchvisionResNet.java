package org.m2ib.clip.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Bottleneck;
import org.m2ib.clip.layers.Convolution;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.ResNet;

/** torchvision's ResNet of bottlenecks, whose last layer is the projection. */
final class TorchvisionResNet {
  private static final int STAGES = 4;

  private TorchvisionResNet() {}

  /**
   * @param prefix of the names
   * @param imageSize rows and columns of the input
   */
  static ImageEncoder load(Weights weights, String prefix, int imageSize) {
    Convolution first = Convolution.load(weights, prefix + "conv1", prefix + "bn1", 3, 7, 2);
    int width = weights.size(prefix + "conv1.weight", 4, 0);
    ResNet.Stem stem =
        new ResNet.Stem(
            imageSize,
            x -> halved(Activation.relu(first.apply(x))),
            width,
            first.flops(imageSize / 2.0 * (imageSize / 2.0)));
    List<Bottleneck> blocks = new ArrayList<>();
    int in = width;
    for (int stage = 1; stage <= STAGES; stage++) {
      String name = prefix + "layer" + stage + ".";
      int n = weights.count(name);
      for (int i = 0; i < n; i++) {
        blocks.add(block(weights, name + i + ".", in, i == 0 && stage > 1 ? 2 : 1));
        in = weights.size(name + i + ".conv3.weight", 4, 0);
      }
    }
    int space = weights.size(prefix + "fc.weight", 2, 0);
    Linear projection = Linear.withoutBias(weights, prefix + "fc", space, in);
    return new ResNet(
        stem,
        blocks,
        new ResNet.Pool(x -> projection.apply(x.mean(new int[] {1})), 2.0 * in * space));
  }

  private static NDArray halved(NDArray x) {
    return Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }

  private static Bottleneck block(Weights weights, String name, int in, int stride) {
    int width = weights.size(name + "conv1.weight", 4, 0);
    return new Bottleneck(
        Convolution.load(weights, name + "conv1", name + "bn1", in, 1, 1),
        Convolution.load(weights, name + "conv2", name + "bn2", width, 3, stride),
        Convolution.load(weights, name + "conv3", name + "bn3", width, 1, 1),
        1,
        weights.has(name + "downsample.0.weight")
            ? Convolution.load(weights, name + "downsample.0", name + "downsample.1", in, 1, stride)
            : null);
  }
}
