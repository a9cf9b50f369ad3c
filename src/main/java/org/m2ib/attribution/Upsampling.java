package org.m2ib.attribution;

import java.util.Arrays;
import org.m2ib.imaging.Geometry;

/** Resizes a patch grid to the model's input, like the published evaluations. */
public final class Upsampling {
  private Upsampling() {}

  /**
   * Bilinear with half-pixel centres and repeated edges (align_corners = False); then scaled to [0,
   * 1] by minimum and maximum, all 0 if flat.
   *
   * @param grid any values, [rows][columns]
   * @return rows * columns values, row-major
   */
  public static float[] toInput(double[][] grid, int rows, int columns) {
    double[] map = new double[rows * columns];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        map[y * columns + x] = at(grid, (y + 0.5) / rows, (x + 0.5) / columns);
      }
    }
    return scaled(map);
  }

  /** The same for a square input, [rows][columns]. */
  public static float[][] toInput(double[][] grid, int size) {
    float[] map = toInput(grid, size, size);
    float[][] rows = new float[size][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(map, row * size, (row + 1) * size));
    return rows;
  }

  /**
   * The same over the source image, pixel by pixel; pixels that the model was not given have the
   * map's minimum.
   *
   * @param geometry how the model's input was cut from the image
   * @return sourceRows * sourceColumns values, row-major
   */
  public static float[] toSource(double[][] grid, Geometry geometry) {
    int rows = geometry.sourceRows();
    int columns = geometry.sourceColumns();
    double least = Arrays.stream(grid).flatMapToDouble(Arrays::stream).min().orElseThrow();
    double[] map = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      double y = geometry.inputY(row + 0.5) / geometry.inputRows();
      for (int column = 0; column < columns; column++) {
        double x = geometry.inputX(column + 0.5) / geometry.inputColumns();
        boolean seen = y >= 0 && y < 1 && x >= 0 && x < 1;
        map[row * columns + column] = seen ? at(grid, y, x) : least;
      }
    }
    return scaled(map);
  }

  /**
   * The grid at one point, bilinear.
   *
   * @param y share of the height, [0, 1]
   * @param x share of the width
   */
  public static double at(double[][] grid, double y, double x) {
    double sourceY = Math.max(0, y * grid.length - 0.5);
    double sourceX = Math.max(0, x * grid[0].length - 0.5);
    int top = (int) sourceY;
    int left = (int) sourceX;
    int bottom = Math.min(top + 1, grid.length - 1);
    int right = Math.min(left + 1, grid[0].length - 1);
    return mix(
        mix(grid[top][left], grid[top][right], sourceX - left),
        mix(grid[bottom][left], grid[bottom][right], sourceX - left),
        sourceY - top);
  }

  private static float[] scaled(double[] map) {
    double min = Arrays.stream(map).min().orElseThrow();
    double max = Arrays.stream(map).max().orElseThrow();
    float[] scaled = new float[map.length];
    for (int i = 0; max > min && i < map.length; i++) {
      scaled[i] = (float) ((map[i] - min) / (max - min));
    }
    return scaled;
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }
}
