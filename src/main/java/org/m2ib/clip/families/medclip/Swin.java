package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.LayerNames;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Linear;

/**
 * Hugging Face's SwinModel (arXiv 2103.14030), mean-pooled and projected. Its layers are its
 * blocks. The tokens after a block are the cells of its grid in row-major order, before patch
 * merging joins each four of them for the next stage.
 */
final class Swin implements ImageEncoder {
  private static final float EPSILON = 1e-5f;

  private final int imageSize;
  private final int patch;
  private final NDArray patches;
  private final NDArray patchBias;
  private final LayerNorm patchNorm;
  private final List<SwinBlock> blocks;
  private final List<Joining> joinings;
  private final LayerNorm norm;
  private final Linear projection;

  /**
   * Patch merging between two stages: joins four cells into one.
   *
   * @param norm (4 C)
   * @param reduction (2 C, 4 C)
   */
  private record Joining(LayerNorm norm, Linear reduction) {

    /** (B, G * G, C) to (B, G * G / 4, 2 C). */
    NDArray apply(NDArray x, int grid) {
      long c = x.getShape().get(2);
      NDArray places = x.reshape(-1, grid / 2, 2, grid / 2, 2, c);
      NDList four = new NDList();
      for (int column = 0; column < 2; column++) {
        for (int row = 0; row < 2; row++) {
          four.add(places.get(":, :, {}, :, {}", row, column)); // (B, G / 2, G / 2, C)
        }
      }
      NDArray joined = NDArrays.concat(four, -1).reshape(-1, (long) grid * grid / 4, 4 * c);
      return reduction.apply(norm.apply(joined));
    }
  }

  private Swin(Weights weights, String prefix, String head, int imageSize) {
    String embeddings = prefix + "embeddings.";
    String projected = embeddings + "patch_embeddings.projection";
    int c = weights.size(projected + ".weight", 4, 0);
    this.imageSize = imageSize;
    this.patch = weights.size(projected + ".weight", 4, 2);
    this.patches = weights.take(projected + ".weight", c, 3, patch, patch);
    this.patchBias = weights.take(projected + ".bias", c);
    this.patchNorm = LayerNorm.load(weights, embeddings + "norm", c, EPSILON);
    this.blocks = new ArrayList<>();
    this.joinings = new ArrayList<>();
    int stages = weights.count(prefix + "encoder.layers.");
    int grid = imageSize / patch;
    for (int stage = 0; stage < stages; stage++) {
      String name = prefix + "encoder.layers." + stage + ".";
      int n = weights.count(name + "blocks.");
      for (int i = 0; i < n; i++) {
        blocks.add(new SwinBlock(weights, name + "blocks." + i + ".", grid, i % 2 == 1));
      }
      if (stage < stages - 1) {
        joinings.add(
            new Joining(
                LayerNorm.load(weights, name + "downsample.norm", 4 * c, EPSILON),
                Linear.withoutBias(weights, name + "downsample.reduction", 2 * c, 4 * c)));
        c *= 2;
        grid /= 2;
      }
    }
    this.norm = LayerNorm.load(weights, prefix + "layernorm", c, EPSILON);
    int space = weights.size(head + ".weight", 2, 0);
    this.projection = Linear.withoutBias(weights, head, space, c);
  }

  /**
   * @param prefix prefix of the tensor names
   * @param head name of the projection
   * @param imageSize rows and columns of the input
   * @throws ModelException if the windows do not fill the grids of such an input
   */
  static ImageEncoder load(Weights weights, String prefix, String head, int imageSize) {
    return new Swin(weights, prefix, head, imageSize);
  }

  /** Returns the names of a tower that {@link #load} creates. */
  static LayerNames names(String prefix, String head) {
    String model = Pattern.quote(prefix);
    return LayerNames.of(
        model + "layernorm\\.|" + Pattern.quote(head),
        model + "encoder\\.layers\\.(\\d+)\\.(?:blocks\\.(\\d+)|downsample)\\.",
        model + "embeddings\\.");
  }

  @Override
  public int layers() {
    return blocks.size();
  }

  @Override
  public int width(int layer) {
    return blocks.get(Math.max(0, layer)).width();
  }

  @Override
  public int imageSize() {
    return imageSize;
  }

  @Override
  public int prefixTokens() {
    return 0;
  }

  @Override
  public int gridRows(int layer) {
    return blocks.get(Math.max(0, layer)).grid();
  }

  @Override
  public int gridColumns(int layer) {
    return gridRows(layer);
  }

  @Override
  public NDArray prefix(NDArray pixels, int layer) {
    long b = pixels.getShape().get(0);
    NDArray x =
        Conv2d.conv2d(pixels, patches, patchBias, new Shape(patch, patch))
            .singletonOrThrow() // (B, C, G, G)
            .reshape(b, width(-1), -1)
            .transpose(0, 2, 1);
    return between(patchNorm.apply(x), -1, layer);
  }

  @Override
  public NDArray between(NDArray hidden, int from, int to) {
    NDArray x = hidden;
    int stage = 0;
    for (int i = 0; i <= to; i++) {
      boolean first = i > 0 && gridRows(i) < gridRows(i - 1);
      if (first && i > from) {
        x = joinings.get(stage).apply(x, gridRows(i - 1));
      }
      stage += first ? 1 : 0;
      if (i > from) {
        x = blocks.get(i).apply(x);
      }
    }
    return x;
  }

  @Override
  public NDArray suffix(NDArray hidden, int layer) {
    NDArray x = norm.apply(between(hidden, layer, layers() - 1));
    return projection.apply(x.mean(new int[] {1}));
  }

  /** Ignores the tap, because attention stays within windows and no method uses it. */
  @Override
  public NDArray tapped(NDArray hidden, int layer, Tap tap) {
    return suffix(hidden, layer);
  }

  @Override
  public double prefixFlops(int layer) {
    double patchFlops = 2.0 * 3 * patch * patch * width(-1) * tokens(-1);
    return patchFlops + flops(-1, layer);
  }

  @Override
  public double suffixFlops(int layer) {
    int last = layers() - 1;
    return flops(layer, last) + 2.0 * width(last) * projection.out();
  }

  @Override
  public double tappedFlops(int layer) {
    return suffixFlops(layer);
  }

  @Override
  public double suffixBytes(int layer) {
    return blocks.subList(layer + 1, layers()).stream().mapToDouble(SwinBlock::bytes).sum();
  }

  private double flops(int from, int to) {
    double flops = 0;
    for (int i = from + 1; i <= to; i++) {
      boolean first = i > 0 && gridRows(i) < gridRows(i - 1);
      double c = width(i);
      flops += blocks.get(i).flops() + (first ? 2 * tokens(i) * 2 * c * c : 0);
    }
    return flops;
  }
}
