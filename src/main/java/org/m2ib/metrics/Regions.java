package org.m2ib.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Connected components and dilation of a mask. */
final class Regions {
  private static final int[][] SIDES = {{0, 1}, {1, 0}, {0, -1}, {-1, 0}};
  private static final int[][] SIDES_AND_CORNERS = {
    {0, 1}, {1, 0}, {0, -1}, {-1, 0}, {1, 1}, {1, -1}, {-1, 1}, {-1, -1}
  };

  private Regions() {}

  /**
   * @param corners whether pixels that touch at a corner are connected
   * @return the pixels of each component as row-major indices, in the order of their first pixel
   */
  static List<int[]> of(boolean[] mask, int columns, boolean corners) {
    boolean[] unvisited = mask.clone();
    List<int[]> regions = new ArrayList<>();
    int[] stack = new int[16];
    for (int start = 0; start < unvisited.length; start++) {
      if (!unvisited[start]) {
        continue;
      }
      // found pixels stay in place; the neighbours of those after "next" are still to be checked
      int size = 1;
      stack[0] = start;
      unvisited[start] = false;
      for (int next = 0; next < size; next++) {
        int y = stack[next] / columns;
        int x = stack[next] % columns;
        for (int[] step : corners ? SIDES_AND_CORNERS : SIDES) {
          int neighbour = (y + step[0]) * columns + x + step[1];
          boolean inside = x + step[1] >= 0 && x + step[1] < columns;
          if (inside && neighbour >= 0 && neighbour < unvisited.length && unvisited[neighbour]) {
            unvisited[neighbour] = false;
            if (size == stack.length) {
              stack = Arrays.copyOf(stack, 2 * size);
            }
            stack[size++] = neighbour;
          }
        }
      }
      regions.add(Arrays.copyOf(stack, size));
    }
    return regions;
  }

  /** Dilates a mask by a number of pixels in all directions, including diagonals. */
  static boolean[] grown(boolean[] mask, int columns, int by) {
    return runs(runs(mask, columns, by, 1), columns, by, columns);
  }

  private static boolean[] runs(boolean[] mask, int columns, int by, int step) {
    boolean[] grown = new boolean[mask.length];
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        for (int k = -by; k <= by; k++) {
          int at = i + k * step;
          boolean sameRow = step != 1 || Math.floorDiv(at, columns) == i / columns;
          if (at >= 0 && at < grown.length && sameRow) {
            grown[at] = true;
          }
        }
      }
    }
    return grown;
  }
}
