package org.m2ib.clip;

import ai.djl.ndarray.NDArray;

/**
 * An image tower, cut in two behind a layer: the prefix runs once for an image, the suffix in a
 * method's loop. It holds weights only and is never changed, so threads may share it. Layers count
 * from 0; {@code layer} = -1 is the output of the embedding. Shapes: B pictures, T tokens, D width,
 * E the common space.
 */
public interface ImageEncoder {

  int layers();

  /** D behind a layer. */
  int width(int layer);

  /** Rows and columns of the input square, pixels. */
  int imageSize();

  /**
   * The same tower for an input of another size.
   *
   * @param imageSize rows and columns, pixels
   * @throws IllegalArgumentException when the tower cannot be resized, or not to that
   */
  default ImageEncoder resized(int imageSize) {
    throw new IllegalArgumentException("the image tower only accepts " + imageSize() + " pixels");
  }

  /** Tokens before the patches (the class token): 1 or 0. */
  int prefixTokens();

  /** Rows of patches behind a layer. */
  int gridRows(int layer);

  int gridColumns(int layer);

  /** Behind the last layer. */
  default int gridRows() {
    return gridRows(layers() - 1);
  }

  default int gridColumns() {
    return gridColumns(layers() - 1);
  }

  /** T behind a layer. */
  default int tokens(int layer) {
    return prefixTokens() + gridRows(layer) * gridColumns(layer);
  }

  /**
   * Runs up to and with a layer.
   *
   * @param pixels (B, 3, imageSize, imageSize), normalised
   * @return hidden state (B, T, D), in the manager of {@code pixels}
   */
  NDArray prefix(NDArray pixels, int layer);

  /**
   * Runs the layers behind one, up to and with another.
   *
   * @param hidden (B, T, D) behind layer {@code from}
   * @param to at least {@code from}
   * @return (B, T, D) behind layer {@code to}
   */
  NDArray between(NDArray hidden, int from, int to);

  /**
   * Runs what follows a layer, and pools.
   *
   * @param hidden (B, T, D)
   * @return embedding (B, E), not normalised
   */
  NDArray suffix(NDArray hidden, int layer);

  /**
   * As {@link #suffix}, with a tap. A tower with a class token pools that, token 0.
   *
   * @param hidden (B, T, D)
   * @return embedding (B, E), not normalised
   */
  NDArray tapped(NDArray hidden, int layer, Tap tap);

  /** Multiply-adds times two of one {@link #prefix}, per picture; for measurements. */
  double prefixFlops(int layer);

  /** The same of one {@link #suffix}. */
  double suffixFlops(int layer);

  /** The same of one {@link #tapped}. */
  double tappedFlops(int layer);

  /** The same of one {@link #embed}. */
  default double embedFlops() {
    return prefixFlops(-1) + suffixFlops(-1);
  }

  /** Engine memory that differentiating one {@link #suffix} holds, per picture; an estimate. */
  double suffixBytes(int layer);

  /** (B, 3, S, S) to (B, E). */
  default NDArray embed(NDArray pixels) {
    return suffix(prefix(pixels, -1), -1);
  }
}
