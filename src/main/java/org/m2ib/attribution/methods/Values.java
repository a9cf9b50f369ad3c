package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;

/** Converts tensors to plain numbers and grids. */
final class Values {
  private Values() {}

  static double[] of(NDArray array) {
    float[] values = array.toFloatArray();
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Mean over each patch's pixels of a square map, row-major; patches may differ by a pixel. */
  static double[][] patches(double[] map, int rows, int columns) {
    int size = (int) Math.round(Math.sqrt(map.length));
    double[][] grid = new double[rows][columns];
    int[][] pixels = new int[rows][columns];
    for (int i = 0; i < map.length; i++) {
      int y = i / size * rows / size;
      int x = i % size * columns / size;
      pixels[y][x]++;
      grid[y][x] += (map[i] - grid[y][x]) / pixels[y][x];
    }
    return grid;
  }

  /** Row-major values as a grid. */
  static double[][] grid(double[] values, int rows, int columns) {
    double[][] grid = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      grid[i / columns][i % columns] = values[i];
    }
    return grid;
  }
}
