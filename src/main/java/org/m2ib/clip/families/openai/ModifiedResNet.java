package org.m2ib.clip.families.openai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.AttentionPool2d;
import org.m2ib.clip.layers.Convolution;
import org.m2ib.clip.layers.Layers;
import org.m2ib.clip.layers.Linear;
import org.m2ib.clip.layers.ResNet;
import org.m2ib.clip.layers.ResidualBottleneck;

/**
 * OpenAI's ModifiedResNet: three convolutions in the stem, average pooling instead of strides, and
 * an attention pool.
 */
public final class ModifiedResNet {
  /** A tensor that no vision transformer has. */
  static final String FIRST = "visual.layer1.0.conv1.weight";

  static final LayerNames NAMES =
      LayerNames.of(
          "visual\\.attnpool\\.", "visual\\.layer(\\d+)\\.(\\d+)\\.", "visual\\.(conv|bn)\\d\\.");

  private ModifiedResNet() {}

  /**
   * @param space E
   * @throws org.m2ib.clip.ModelException if a tensor is missing or has another shape
   */
  public static ImageEncoder load(Weights weights, int space) {
    int places = weights.size("visual.attnpool.positional_embedding", 2, 0) - 1;
    int channels = weights.size("visual.attnpool.positional_embedding", 2, 1);
    int imageSize = 32 * (int) Math.round(Math.sqrt(places));
    ResNet.Stem stem = stem(weights, imageSize);
    List<ResidualBottleneck> blocks =
        ResidualBottleneck.load(weights, "visual.", stem.width(), true);
    String pool = "visual.attnpool.";
    AttentionPool2d attention =
        new AttentionPool2d(
            weights.take(pool + "positional_embedding", 1 + places, channels),
            Layers.Form.heads(channels),
            Linear.load(weights, pool + "q_proj", channels, channels),
            Linear.load(weights, pool + "k_proj", channels, channels),
            Linear.load(weights, pool + "v_proj", channels, channels),
            Linear.load(weights, pool + "c_proj", space, channels));
    return new ResNet(stem, blocks, attention.pool());
  }

  private static ResNet.Stem stem(Weights weights, int imageSize) {
    Convolution first = Convolution.load(weights, "visual.conv1", "visual.bn1", 3, 3, 2);
    int half = weights.size("visual.conv1.weight", 4, 0);
    Convolution second = Convolution.load(weights, "visual.conv2", "visual.bn2", half, 3, 1);
    Convolution third = Convolution.load(weights, "visual.conv3", "visual.bn3", half, 3, 1);
    int width = weights.size("visual.conv3.weight", 4, 0);
    double places = imageSize / 2.0 * (imageSize / 2.0);
    return new ResNet.Stem(
        imageSize,
        imageSize / 4,
        x -> {
          for (Convolution convolution : List.of(first, second, third)) {
            x = Activation.relu(convolution.apply(x));
          }
          return halved(x);
        },
        width,
        first.flops(places) + second.flops(places) + third.flops(places));
  }

  private static NDArray halved(NDArray x) {
    Shape two = new Shape(2, 2);
    return Pool.avgPool2d(x, two, two, new Shape(0, 0), false, true);
  }
}
