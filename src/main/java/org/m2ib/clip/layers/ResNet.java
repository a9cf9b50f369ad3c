package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;

/**
 * A residual network. Its layers are its blocks. The tokens after a block are the cells of its
 * feature map in row-major order, so that a bottleneck acts on the feature map as in the original
 * information bottleneck attribution (arXiv 2001.00396). Layer -1 is the stem's output.
 */
public final class ResNet implements ImageEncoder {
  private final Stem stem;
  private final List<ResidualBottleneck> blocks;
  private final Pool pool;

  /**
   * The stem before the blocks.
   *
   * @param imageSize rows and columns of the input, S
   * @param rows rows and columns of its feature map, R
   * @param apply (B, 3, S, S) to (B, C, R, R)
   * @param width C
   * @param flops FLOPs (two per multiply-add) per image
   */
  public record Stem(
      int imageSize, int rows, UnaryOperator<NDArray> apply, int width, double flops) {}

  /**
   * Pools the last feature map into an embedding.
   *
   * @param apply (B, T, C) to (B, E)
   * @param flops FLOPs (two per multiply-add) per image
   */
  public record Pool(UnaryOperator<NDArray> apply, double flops) {}

  public ResNet(Stem stem, List<ResidualBottleneck> blocks, Pool pool) {
    this.stem = stem;
    this.blocks = List.copyOf(blocks);
    this.pool = pool;
  }

  @Override
  public int layers() {
    return blocks.size();
  }

  @Override
  public int width(int layer) {
    return layer < 0 ? stem.width() : blocks.get(layer).width();
  }

  @Override
  public int imageSize() {
    return stem.imageSize();
  }

  @Override
  public int prefixTokens() {
    return 0;
  }

  @Override
  public int gridRows(int layer) {
    int rows = stem.rows();
    for (ResidualBottleneck block : blocks.subList(0, layer + 1)) {
      rows = block.stride() == 1 ? rows : halved(rows);
    }
    return rows;
  }

  /** Returns the rows left by a stride of 2, rounding up. */
  public static int halved(int rows) {
    return (rows + 1) / 2;
  }

  @Override
  public int gridColumns(int layer) {
    return gridRows(layer);
  }

  @Override
  public NDArray prefix(NDArray pixels, int layer) {
    return tokens(through(stem.apply().apply(pixels), -1, layer));
  }

  @Override
  public NDArray between(NDArray hidden, int from, int to) {
    return tokens(through(map(hidden, from), from, to));
  }

  @Override
  public NDArray suffix(NDArray hidden, int layer) {
    return pool.apply().apply(between(hidden, layer, layers() - 1));
  }

  /** Ignores the tap, because there is no attention. */
  @Override
  public NDArray tapped(NDArray hidden, int layer, Tap tap) {
    return suffix(hidden, layer);
  }

  private NDArray through(NDArray map, int from, int to) {
    for (ResidualBottleneck block : blocks.subList(from + 1, to + 1)) {
      map = block.apply(map);
    }
    return map;
  }

  /** Reshapes (B, C, H, W) to (B, T, C). */
  private static NDArray tokens(NDArray map) {
    return map.reshape(map.getShape().get(0), map.getShape().get(1), -1).transpose(0, 2, 1);
  }

  /** Reshapes (B, T, C) after a layer to (B, C, H, W). */
  private NDArray map(NDArray tokens, int layer) {
    return tokens.transpose(0, 2, 1).reshape(-1, width(layer), gridRows(layer), gridColumns(layer));
  }

  @Override
  public double prefixFlops(int layer) {
    return stem.flops() + flops(-1, layer);
  }

  @Override
  public double suffixFlops(int layer) {
    return flops(layer, layers() - 1) + pool.flops();
  }

  @Override
  public double tappedFlops(int layer) {
    return suffixFlops(layer);
  }

  @Override
  public double suffixBytes(int layer) {
    double bytes = 0;
    for (int i = layer + 1; i < layers(); i++) {
      bytes += blocks.get(i).bytes(tokens(i));
    }
    return bytes;
  }

  private double flops(int from, int to) {
    double flops = 0;
    for (int i = from + 1; i <= to; i++) {
      flops += blocks.get(i).flops(tokens(i));
    }
    return flops;
  }
}
