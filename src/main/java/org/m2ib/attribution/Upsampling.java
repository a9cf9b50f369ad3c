package org.m2ib.attribution;

/** Brings a patch grid to the size of the model's input, as the published evaluations do. */
public final class Upsampling {
  private Upsampling() {}

  /**
   * Bilinear, half-pixel centres, edges held (align_corners = False); then scaled to [0, 1] by
   * minimum and maximum, all 0 where flat.
   *
   * @param grid any values, [rows][columns]
   * @return rows * columns values, row-major
   */
  public static float[] toInput(double[][] grid, int rows, int columns) {
    double[] map = new double[rows * columns];
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < rows; y++) {
      double sourceY = source(y, rows, grid.length);
      int top = (int) sourceY;
      int bottom = Math.min(top + 1, grid.length - 1);
      for (int x = 0; x < columns; x++) {
        double sourceX = source(x, columns, grid[0].length);
        int left = (int) sourceX;
        int right = Math.min(left + 1, grid[0].length - 1);
        double value =
            mix(
                mix(grid[top][left], grid[top][right], sourceX - left),
                mix(grid[bottom][left], grid[bottom][right], sourceX - left),
                sourceY - top);
        map[y * columns + x] = value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    float[] scaled = new float[map.length];
    for (int i = 0; max > min && i < map.length; i++) {
      scaled[i] = (float) ((map[i] - min) / (max - min));
    }
    return scaled;
  }

  private static double source(int target, int targetSize, int sourceSize) {
    return Math.max(0, (target + 0.5) * sourceSize / targetSize - 0.5);
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }
}
