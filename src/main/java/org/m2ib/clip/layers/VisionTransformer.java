package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;
import org.m2ib.engine.Script;

/** A vision transformer (arXiv 2010.11929): patches, positions, layers and a pool. */
public final class VisionTransformer implements ImageEncoder {
  private final Embedding embedding;
  private final Layers layers;
  private final ImagePool pool;

  /**
   * The patch embedding. D width, P rows and columns of a patch, T tokens.
   *
   * @param imageSize rows and columns of the input
   * @param patch P
   * @param patches (D, 3, P, P)
   * @param patchBias (D), or null
   * @param classToken (D), or null if the pool needs none
   * @param positions (T, D)
   * @param norm norm of the first layer's input, or null
   */
  public record Embedding(
      int imageSize,
      int patch,
      NDArray patches,
      NDArray patchBias,
      NDArray classToken,
      NDArray positions,
      LayerNorm norm) {

    NDArray apply(NDArray pixels) {
      long b = pixels.getShape().get(0);
      long d = positions.getShape().get(1);
      NDArray x =
          Conv2d.conv2d(pixels, patches, patchBias, new Shape(patch, patch))
              .singletonOrThrow() // (B, D, rows, columns)
              .reshape(b, d, -1)
              .transpose(0, 2, 1);
      if (classToken != null) {
        x = x.getManager().zeros(new Shape(b, 1, d)).add(classToken).concat(x, 1);
      }
      x = x.add(positions); // (B, T, D)
      return norm == null ? x : norm.apply(x);
    }

    private Embedding resized(int size, int prefix) {
      int from = imageSize / patch;
      int to = size / patch;
      long d = positions.getShape().get(1);
      Script stretch =
          new Script(
              "x: Tensor",
              "torch.upsample_bicubic2d(x, [%d, %d], False, None, None)".formatted(to, to));
      NDArray square =
          positions
              .get(new NDIndex("{}:", prefix))
              .reshape(1, from, from, d)
              .transpose(0, 3, 1, 2); // (1, D, from, from)
      NDArray stretched = stretch.apply(square).transpose(0, 2, 3, 1).reshape(-1, d);
      NDArray table =
          prefix == 0 ? stretched : positions.get(new NDIndex("0:{}", prefix)).concat(stretched, 0);
      return new Embedding(size, patch, patches, patchBias, classToken, table, norm);
    }
  }

  public VisionTransformer(Embedding embedding, Layers layers, ImagePool pool) {
    this.embedding = embedding;
    this.layers = layers;
    this.pool = pool;
  }

  @Override
  public int layers() {
    return layers.count();
  }

  @Override
  public int width(int layer) {
    return layers.width();
  }

  @Override
  public int imageSize() {
    return embedding.imageSize();
  }

  /** Shares the weights and interpolates the position table bicubically, as transformers does. */
  @Override
  public ImageEncoder resized(int size) {
    int grid = size / embedding.patch();
    if (grid < 1) {
      throw new IllegalArgumentException(
          "an image of " + size + " pixels has no patch of " + embedding.patch());
    }
    return new VisionTransformer(embedding.resized(size, prefixTokens()), layers, pool);
  }

  @Override
  public int prefixTokens() {
    return pool.prefixTokens();
  }

  @Override
  public int gridRows(int layer) {
    return embedding.imageSize() / embedding.patch();
  }

  @Override
  public int gridColumns(int layer) {
    return gridRows(layer);
  }

  @Override
  public NDArray prefix(NDArray pixels, int layer) {
    return layers.upTo(embedding.apply(pixels), layer, null);
  }

  @Override
  public NDArray between(NDArray hidden, int from, int to) {
    return layers.between(hidden, from, to, null);
  }

  @Override
  public NDArray suffix(NDArray hidden, int layer) {
    return pool.after(layers, hidden, layer);
  }

  @Override
  public NDArray tapped(NDArray hidden, int layer, Tap tap) {
    return pool.after(layers, layers.tapped(hidden, layer, null, tap), layers.count() - 1);
  }

  @Override
  public double prefixFlops(int layer) {
    double patch = 3.0 * embedding.patch() * embedding.patch();
    double patches = (double) gridRows(-1) * gridColumns(-1);
    return 2 * patch * layers.width() * patches + layers.flopsUpTo(layer, tokens(layer));
  }

  @Override
  public double suffixFlops(int layer) {
    return pool.flops(layers, layer, tokens(layer));
  }

  @Override
  public double tappedFlops(int layer) {
    int last = layers() - 1;
    int tokens = tokens(layer);
    return layers.flopsUpTo(last, tokens)
        - layers.flopsUpTo(layer, tokens)
        + pool.flops(layers, last, tokens);
  }

  @Override
  public double suffixBytes(int layer) {
    return layers.bytesAfter(layer, tokens(layer));
  }
}
