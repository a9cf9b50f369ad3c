package org.m2ib.clip.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Bottleneck;
import org.m2ib.clip.layers.Convolution;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.ResNet;

/** torchvision's ResNet of bottlenecks, whose last layer is the projection. */
final class TorchvisionResNet {
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
    List<Bottleneck> blocks = Bottleneck.load(weights, prefix, width, false);
    int channels = blocks.get(blocks.size() - 1).width();
    int space = weights.size(prefix + "fc.weight", 2, 0);
    Linear projection = Linear.withoutBias(weights, prefix + "fc", space, channels);
    return new ResNet(
        stem,
        blocks,
        new ResNet.Pool(x -> projection.apply(x.mean(new int[] {1})), 2.0 * channels * space));
  }

  private static NDArray halved(NDArray x) {
    return Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }
}
