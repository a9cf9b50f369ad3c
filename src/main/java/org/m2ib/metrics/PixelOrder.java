package org.m2ib.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Orders the pixels of a model's input by a map: highest first, ties in row-major order. */
public final class PixelOrder {
  private PixelOrder() {}

  /**
   * @param map map over the input, row-major
   * @return indices of its pixels
   */
  public static int[] of(float[] map) {
    return falling(IntStream.range(0, map.length), i -> map[i]);
  }

  /**
   * Orders pixels patch by patch, within a patch in row-major order.
   *
   * @param grid one value per patch, [rows][columns]
   * @param rows rows of the input, a multiple of the grid's
   * @param columns columns of the input, a multiple of the grid's
   */
  static int[] ofPatches(double[][] grid, int rows, int columns) {
    int height = rows / grid.length;
    int width = columns / grid[0].length;
    if (rows != height * grid.length || columns != width * grid[0].length) {
      throw new IllegalArgumentException(
          "%d x %d pixels are not a whole number of patches of a grid of %d x %d"
              .formatted(rows, columns, grid.length, grid[0].length));
    }
    int across = grid[0].length;
    int[] patches =
        falling(IntStream.range(0, grid.length * across), i -> grid[i / across][i % across]);
    return IntStream.of(patches)
        .flatMap(
            patch ->
                IntStream.range(0, height * width)
                    .map(
                        i ->
                            (patch / across * height + i / width) * columns
                                + patch % across * width
                                + i % width))
        .toArray();
  }

  private interface Value {
    double at(int index);
  }

  private static int[] falling(IntStream indices, Value value) {
    return indices
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> 0 - value.at(i))) // stable; 0 - -0 is 0
        .mapToInt(i -> i)
        .toArray();
  }
}
