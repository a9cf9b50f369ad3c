package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.m2ib.clip.ImageEncoder;

/**
 * A model input and its states in the image tower. Hidden states are computed on first use and kept
 * until it is closed.
 */
public final class EncodedImage implements AutoCloseable {
  private final ImageEncoder encoder;
  private final NDManager manager;
  private final NDArray pixels;
  private final NDArray embedding;
  private final Map<Integer, NDArray> hidden = new HashMap<>();

  /**
   * @param manager of its own, closed with it
   * @param pixels (1, 3, S, S), normalised, in that manager
   */
  EncodedImage(ImageEncoder encoder, NDManager manager, NDArray pixels, int layer) {
    this.encoder = encoder;
    this.manager = manager;
    this.pixels = pixels;
    this.embedding = keep(encoder.suffix(hidden(layer), layer));
  }

  public ImageEncoder encoder() {
    return encoder;
  }

  /** (1, 3, S, S), normalised. */
  public NDArray pixels() {
    return pixels;
  }

  /** (1, E), not normalised. */
  public NDArray embedding() {
    return embedding;
  }

  /** The state behind a layer, (1, T, D). */
  public synchronized NDArray hidden(int layer) {
    return hidden.computeIfAbsent(
        layer,
        l -> {
          try (NDManager step = manager.newSubManager()) {
            return keep(encoder.prefix(pixels.get(step, InformationBottleneck.ALL), l));
          }
        });
  }

  /**
   * The same tensor of N images as one batch.
   *
   * @param into receives the result
   * @param part (1, ...) of an image
   * @return (N, ...)
   */
  public static NDArray rows(
      NDManager into, List<EncodedImage> images, Function<EncodedImage, NDArray> part) {
    NDList rows = new NDList();
    for (EncodedImage image : images) {
      rows.add(part.apply(image).get(into, InformationBottleneck.ALL));
    }
    return NDArrays.concat(rows);
  }

  private NDArray keep(NDArray array) {
    array.attach(manager);
    return array;
  }

  /** Arranges one value per token behind a layer as the grid of its patches. */
  public double[][] grid(double[] tokens, int layer) {
    int columns = encoder.gridColumns(layer);
    double[][] grid = new double[encoder.gridRows(layer)][];
    for (int y = 0; y < grid.length; y++) {
      int from = encoder.prefixTokens() + y * columns;
      grid[y] = Arrays.copyOfRange(tokens, from, from + columns);
    }
    return grid;
  }

  @Override
  public void close() {
    manager.close();
  }
}
