package org.m2ib.metrics;

/** Replacement values for deleted pixels, channel-major like a model's input. */
final class Fill {
  /**
   * Standard deviation and reach of the Gaussian in pixels: an 11 x 11 kernel, as in RISE at 224 x
   * 224.
   */
  private static final int SIGMA = 5;

  private Fill() {}

  /** Returns the mean of the training images, which is 0 in a normalised input. */
  static float[] neutral(float[] pixels) {
    return new float[pixels.length];
  }

  /**
   * Returns the blurred image, which leaves no edges where pixels are deleted and preserves
   * brightness.
   *
   * @param pixels channels of rows x columns each
   */
  static float[] blurred(float[] pixels, int rows, int columns) {
    int plane = rows * columns;
    if (pixels.length % plane != 0) {
      throw new IllegalArgumentException(
          pixels.length + " values are not whole channels of " + rows + " x " + columns);
    }
    float[] down = new float[pixels.length];
    float[] blurred = new float[pixels.length];
    for (int from = 0; from < pixels.length; from += plane) {
      for (int i = 0; i < plane; i++) {
        down[from + i] = mean(pixels, from + i % columns, columns, rows, i / columns);
      }
      for (int i = 0; i < plane; i++) {
        blurred[from + i] = mean(down, from + i / columns * columns, 1, columns, i % columns);
      }
    }
    return blurred;
  }

  /** Convolves along one line of an image. Its edge values extend beyond it. */
  private static float mean(float[] values, int start, int step, int length, int at) {
    double sum = 0;
    double weights = 0;
    for (int i = -SIGMA; i <= SIGMA; i++) {
      double weight = Math.exp(-0.5 * i * i / (SIGMA * SIGMA));
      int clamped = Math.max(0, Math.min(length - 1, at + i));
      sum += weight * values[start + clamped * step];
      weights += weight;
    }
    return (float) (sum / weights);
  }
}
