package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Convolution;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.ResNet;
import org.m2ib.clip.layers.ResidualBottleneck;

/** torchvision's ResNet with bottleneck blocks, and a projection of the global average pool. */
final class TorchvisionResNet {
  private TorchvisionResNet() {}

  /**
   * @param prefix prefix of the tensor names
   * @param head regular expression for the beginning of the names after the blocks
   */
  static LayerNames names(String prefix, String head) {
    String model = Pattern.quote(prefix);
    return LayerNames.of(head, model + "layer(\\d+)\\.(\\d+)\\.", model + "(conv1|bn1)\\.");
  }

  /**
   * The network's input.
   *
   * @param imageSize rows and columns of the input
   * @param stretched rows and columns at the first convolution
   * @param stretch upsamples from one to the other
   */
  record Input(int imageSize, int stretched, UnaryOperator<NDArray> stretch) {
    static Input of(int imageSize) {
      return new Input(imageSize, imageSize, UnaryOperator.identity());
    }
  }

  /**
   * @param prefix prefix of the tensor names
   * @param projection creates the projection for a number of channels
   */
  static ImageEncoder load(
      Weights weights, String prefix, Input input, IntFunction<Linear> projection) {
    Convolution first = Convolution.load(weights, prefix + "conv1", prefix + "bn1", 3, 7, 2);
    int width = weights.size(prefix + "conv1.weight", 4, 0);
    int convolved = ResNet.halved(input.stretched());
    ResNet.Stem stem =
        new ResNet.Stem(
            input.imageSize(),
            ResNet.halved(convolved),
            x -> halved(Activation.relu(first.apply(input.stretch().apply(x)))),
            width,
            first.flops((double) convolved * convolved));
    List<ResidualBottleneck> blocks = ResidualBottleneck.load(weights, prefix, width, false);
    Linear head = projection.apply(blocks.get(blocks.size() - 1).width());
    return new ResNet(
        stem,
        blocks,
        new ResNet.Pool(x -> head.apply(x.mean(new int[] {1})), 2.0 * head.in() * head.out()));
  }

  private static NDArray halved(NDArray x) {
    return Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }
}
