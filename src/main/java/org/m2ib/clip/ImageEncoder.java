package org.m2ib.clip;

import ai.djl.ndarray.NDArray;

/**
 * An image tower that can be split after any layer: the prefix runs once per image, the suffix in a
 * method's loop. It is immutable and thread-safe. Layers are counted from 0; {@code layer} = -1 is
 * the output of the embedding. Shapes: B images, T tokens, D width, E dimension of the joint
 * embedding space.
 */
public interface ImageEncoder {

  int layers();

  /** Returns D after a layer. */
  int width(int layer);

  /** Returns rows and columns of the square input in pixels. */
  int imageSize();

  /**
   * Returns the same tower for another input size.
   *
   * @param imageSize rows and columns in pixels
   * @throws IllegalArgumentException if the tower cannot be resized, or not to that size
   */
  default ImageEncoder resized(int imageSize) {
    throw new IllegalArgumentException("the image tower only accepts " + imageSize() + " pixels");
  }

  /** Returns the number of tokens before the patches (the class token): 1 or 0. */
  int prefixTokens();

  /** Returns the rows of the patch grid after a layer. */
  int gridRows(int layer);

  int gridColumns(int layer);

  /** Returns the rows of the patch grid after the last layer. */
  default int gridRows() {
    return gridRows(layers() - 1);
  }

  default int gridColumns() {
    return gridColumns(layers() - 1);
  }

  /** Returns T after a layer. */
  default int tokens(int layer) {
    return prefixTokens() + gridRows(layer) * gridColumns(layer);
  }

  /**
   * Runs the tower up to and including a layer.
   *
   * @param pixels (B, 3, imageSize, imageSize), normalised
   * @return hidden state (B, T, D), in the manager of {@code pixels}
   */
  NDArray prefix(NDArray pixels, int layer);

  /**
   * Runs the layers after one, up to and including another.
   *
   * @param hidden (B, T, D) after layer {@code from}
   * @param to at least {@code from}
   * @return (B, T, D) after layer {@code to}
   */
  NDArray between(NDArray hidden, int from, int to);

  /**
   * Runs the layers after the given one and pools.
   *
   * @param hidden (B, T, D)
   * @return embedding (B, E), not normalised
   */
  NDArray suffix(NDArray hidden, int layer);

  /**
   * As {@link #suffix}, with a tap. A tower with a class token pools that token, token 0.
   *
   * @param hidden (B, T, D)
   * @return embedding (B, E), not normalised
   */
  NDArray tapped(NDArray hidden, int layer, Tap tap);

  /** Returns the FLOPs (two per multiply-add) of one {@link #prefix}, per image. */
  double prefixFlops(int layer);

  /** Returns the FLOPs of one {@link #suffix}, per image. */
  double suffixFlops(int layer);

  /** Returns the FLOPs of one {@link #tapped}, per image. */
  double tappedFlops(int layer);

  /** Returns the FLOPs of one {@link #embed}, per image. */
  default double embedFlops() {
    return prefixFlops(-1) + suffixFlops(-1);
  }

  /**
   * Estimates the engine memory in bytes that differentiating one {@link #suffix} needs, per image.
   */
  double suffixBytes(int layer);

  /** Embeds images: (B, 3, S, S) to (B, E). */
  default NDArray embed(NDArray pixels) {
    return suffix(prefix(pixels, -1), -1);
  }
}
