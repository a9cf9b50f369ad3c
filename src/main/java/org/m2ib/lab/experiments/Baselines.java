package org.m2ib.lab.experiments;

import java.util.SplittableRandom;

/** Maps that are independent of image and sentence, as lower bounds for a method. */
final class Baselines {
  private Baselines() {}

  /** A random number in [0, 1) for each patch. */
  static double[][] random(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] grid = new double[rows][columns];
    for (double[] row : grid) {
      for (int x = 0; x < columns; x++) {
        row[x] = random.nextDouble();
      }
    }
    return grid;
  }

  /** As below, for a square. */
  static float[] centre(int size) {
    return centre(size, size);
  }

  /** Decreases with the distance from the image's centre, pixel by pixel. */
  static float[] centre(int rows, int columns) {
    float[] map = new float[rows * columns];
    double middleRow = (rows - 1) / 2.0;
    double middleColumn = (columns - 1) / 2.0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        map[y * columns + x] = (float) -Math.hypot(y - middleRow, x - middleColumn);
      }
    }
    return map;
  }
}
