package org.m2ib.metrics;

import org.m2ib.attribution.Upsampling;

/**
 * The pointing game (Zhang et al., arXiv 1608.00507): whether the map's maximum falls on the
 * finding. The finding's mask is dilated by one patch, because a map has no finer resolution.
 */
public final class Pointing {
  private Pointing() {}

  /**
   * @param grid one value per patch, [rows][columns], covering a square image; upsampled to the
   *     image as for display
   * @param mask mask, row-major, size x size
   * @param size rows and columns of the image
   */
  public static boolean hit(double[][] grid, boolean[] mask, int size) {
    return hit(Upsampling.toInput(grid, size, size), mask, size, size / grid.length);
  }

  /** As {@link #hit(float[], boolean[], int, int, int)}, for a square image. */
  public static boolean hit(float[] map, boolean[] mask, int size, int patch) {
    return hit(map, mask, size, size, patch);
  }

  /**
   * @param map map, row-major, rows x columns; of equal maxima the first counts; a flat map always
   *     misses
   * @param mask mask, row-major, rows x columns
   * @param patch pixels by which the mask is dilated on each side
   */
  public static boolean hit(float[] map, boolean[] mask, int rows, int columns, int patch) {
    if (map.length != rows * columns || mask.length != rows * columns) {
      throw new IllegalArgumentException(
          "map of %d and mask of %d values are not %d x %d"
              .formatted(map.length, mask.length, rows, columns));
    }
    int peak = peak(map);
    return peak >= 0 && isNear(mask, rows, columns, patch, peak / columns, peak % columns);
  }

  /** Returns the index of the first maximum, or -1 for a flat map. */
  public static int peak(float[] map) {
    int peak = 0;
    boolean flat = true;
    for (int i = 1; i < map.length; i++) {
      flat &= map[i] == map[0];
      if (map[i] > map[peak]) {
        peak = i;
      }
    }
    return flat ? -1 : peak;
  }

  private static boolean isNear(
      boolean[] mask, int rows, int columns, int patch, int row, int column) {
    for (int y = Math.max(0, row - patch); y <= Math.min(rows - 1, row + patch); y++) {
      for (int x = Math.max(0, column - patch); x <= Math.min(columns - 1, column + patch); x++) {
        if (mask[y * columns + x]) {
          return true;
        }
      }
    }
    return false;
  }
}
