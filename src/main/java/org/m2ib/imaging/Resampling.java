package org.m2ib.imaging;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizes 8-bit planes like Pillow, and AREA like OpenCV, within one grey level: the filter is
 * widened by the reduction (antialiasing), its weights are fixed-point numbers, columns come first,
 * and each pass rounds to 8 bits.
 */
enum Resampling {
  LANCZOS(1, 3, x -> x == 0 ? 1 : sinc(x) * sinc(x / 3)),
  BILINEAR(2, 1, x -> 1 - Math.abs(x)),
  BICUBIC(3, 2, Resampling::cubic),
  BOX(4, 0.5, x -> 1),
  HAMMING(5, 1, x -> x == 0 ? 1 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))),

  /** OpenCV's: the mean of the old pixels covered by a new one, including partly covered ones. */
  AREA(0, 0.5, x -> 1);

  private static final int PRECISION = 22;

  /** Pillow's number for it, as in preprocessor_config.json; 0 if it has none. */
  final int number;

  private final double support;
  private final DoubleUnaryOperator filter;

  Resampling(int number, double support, DoubleUnaryOperator filter) {
    this.number = number;
    this.support = support;
    this.filter = filter;
  }

  /**
   * @param plane rows * columns values, 0 to 255
   */
  byte[] resize(byte[] plane, int rows, int columns, int newRows, int newColumns) {
    byte[] narrowed = columns == newColumns ? plane : pass(plane, rows, columns, newColumns);
    if (rows == newRows) {
      return narrowed;
    }
    byte[] turned = transpose(narrowed, rows, newColumns);
    return transpose(pass(turned, newColumns, rows, newRows), newColumns, newRows);
  }

  private byte[] pass(byte[] in, int lines, int size, int newSize) {
    byte[] out = new byte[lines * newSize];
    double scale = (double) size / newSize;
    double widening = Math.max(1, scale);
    double reach = support * widening + (this == AREA ? 0.5 : 0);
    for (int x = 0; x < newSize; x++) {
      double center = (x + 0.5) * scale;
      int from = Math.max(0, (int) (center - reach + 0.5));
      int to = Math.min(size, (int) (center + reach + 0.5));
      int[] weights = weights(from, to, center, widening);
      for (int line = 0; line < lines; line++) {
        int sum = 1 << PRECISION - 1;
        for (int i = from; i < to; i++) {
          sum += (in[line * size + i] & 0xFF) * weights[i - from];
        }
        out[line * newSize + x] = (byte) Math.max(0, Math.min(255, sum >> PRECISION));
      }
    }
    return out;
  }

  private int[] weights(int from, int to, double center, double widening) {
    double[] weights = new double[to - from];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      double distance = i + from - center + 0.5;
      weights[i] = this == AREA ? covered(distance, widening) : weight(distance / widening);
      total += weights[i];
    }
    int[] fixed = new int[weights.length];
    for (int i = 0; i < fixed.length; i++) {
      double scaled = weights[i] / total * (1 << PRECISION);
      fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  private double weight(double x) {
    return Math.abs(x) < support || this == BOX && x == support ? filter.applyAsDouble(x) : 0;
  }

  /** Fraction of an old pixel covered by a new one of this width. */
  private static double covered(double distance, double width) {
    return Math.max(0, Math.min(1, (width + 1) / 2 - Math.abs(distance)));
  }

  private static byte[] transpose(byte[] in, int rows, int columns) {
    byte[] out = new byte[in.length];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        out[x * rows + y] = in[y * columns + x];
      }
    }
    return out;
  }

  private static double cubic(double x) {
    double a = -0.5;
    double d = Math.abs(x);
    return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : (((d - 5) * d + 8) * d - 4) * a;
  }

  private static double sinc(double x) {
    return Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
