package org.m2ib.attribution.peers;

import ai.djl.ndarray.NDArray;

/** From tensors to plain numbers and grids. */
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

  /** Mean over each patch's pixels of a square map, row-major, whose sides the grid divides. */
  static double[][] patches(double[] map, int rows, int columns) {
    int size = (int) Math.round(Math.sqrt(map.length));
    int height = size / rows;
    int width = size / columns;
    double[][] grid = new double[rows][columns];
    for (int y = 0; y < rows * height; y++) {
      for (int x = 0; x < columns * width; x++) {
        grid[y / height][x / width] += map[y * size + x] / (height * width);
      }
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
