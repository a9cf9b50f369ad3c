package org.m2ib.attribution;

/**
 * Smooths a map with a Gaussian of one patch's width, as IBA smooths its mask (arXiv 2001.00396)
 * and M2IB does not. Weights of patches outside the grid are redistributed to those inside.
 */
public final class Smoothing {
  /** Standard deviation in patches. */
  private static final double WIDTH = 1;

  private static final int REACH = 3;

  private Smoothing() {}

  /**
   * @param grid one value per patch, [rows][columns]
   * @return a grid of the same size; a flat one is unchanged
   */
  public static double[][] of(double[][] grid) {
    return transposed(rows(transposed(rows(grid))));
  }

  private static double[][] rows(double[][] grid) {
    double[][] smooth = new double[grid.length][grid[0].length];
    for (int y = 0; y < grid.length; y++) {
      for (int x = 0; x < grid[y].length; x++) {
        double sum = 0;
        double weights = 0;
        for (int i = Math.max(0, x - REACH); i <= Math.min(grid[y].length - 1, x + REACH); i++) {
          double weight = Math.exp(-(i - x) * (i - x) / (2 * WIDTH * WIDTH));
          sum += weight * grid[y][i];
          weights += weight;
        }
        smooth[y][x] = sum / weights;
      }
    }
    return smooth;
  }

  private static double[][] transposed(double[][] grid) {
    double[][] turned = new double[grid[0].length][grid.length];
    for (int y = 0; y < grid.length; y++) {
      for (int x = 0; x < grid[y].length; x++) {
        turned[x][y] = grid[y][x];
      }
    }
    return turned;
  }
}
