package org.m2ib.metrics;

/** What stands in the place of pixels that are taken away; channel-major, as a model's input. */
final class Fill {
  /** Of a Gaussian in pixels, and as far it reaches: 11 x 11, as RISE has it at 224 x 224. */
  private static final int SIGMA = 5;

  private Fill() {}

  /** The mean of the training images, which a normalised input has as 0. */
  static float[] neutral(float[] pixels) {
    return new float[pixels.length];
  }

  /**
   * The image out of focus: what is taken away leaves no edge, and the image's brightness stays.
   *
   * @param pixels channels of rows x columns each
   */
  static float[] blurred(float[] pixels, int rows, int columns) {
    int plane = rows * columns;
    if (pixels.length % plane != 0) {
      throw new IllegalArgumentException(
          pixels.length + " values are no channels of " + rows + " x " + columns);
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

  /** Along one line of an image, whose edge is held beyond it. */
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
