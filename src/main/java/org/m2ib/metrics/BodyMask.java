package org.m2ib.metrics;

import java.util.Arrays;
import java.util.Comparator;
import org.m2ib.imaging.DisplayImage;

/**
 * Segments the body in a displayed radiograph, CT or MR image: everything that dark air does not
 * reach when it floods in from the image's edges, reduced to the largest connected component, which
 * excludes markers next to the body. Lungs are dark too, but the body encloses them.
 *
 * <p>Limits: a lung cut by the image's edge counts as air. Air counts as body if a bright frame or
 * table separates it from the edge, or if it is displayed bright.
 */
public final class BodyMask {
  /** Long side of the reduced image, which suppresses noise and saves time. */
  private static final int LONG_SIDE = 256;

  private static final double DARKEST = 0.01;
  private static final double BRIGHTEST = 0.99;

  /** Air is darker than this fraction of the range from the darkest to the brightest pixel. */
  private static final double AIR = 0.15;

  private BodyMask() {}

  /**
   * @return rows * columns values, row-major; all true if no air touches the edge
   */
  public static boolean[] of(DisplayImage image) {
    int longSide = Math.max(image.rows(), image.columns());
    int rows = Math.max(1, image.rows() * Math.min(LONG_SIDE, longSide) / longSide);
    int columns = Math.max(1, image.columns() * Math.min(LONG_SIDE, longSide) / longSide);
    boolean[] small = body(smaller(image, rows, columns), columns);
    boolean[] mask = new boolean[image.rows() * image.columns()];
    for (int i = 0; i < mask.length; i++) {
      int y = (int) ((long) (i / image.columns()) * rows / image.rows());
      int x = (int) ((long) (i % image.columns()) * columns / image.columns());
      mask[i] = small[y * columns + x];
    }
    return mask;
  }

  private static boolean[] body(double[] grey, int columns) {
    double[] sorted = grey.clone();
    Arrays.sort(sorted);
    double dark = sorted[(int) (DARKEST * (sorted.length - 1))];
    double bright = sorted[(int) (BRIGHTEST * (sorted.length - 1))];
    double air = dark + AIR * (bright - dark);
    boolean[] darks = new boolean[grey.length];
    for (int i = 0; i < grey.length; i++) {
      darks[i] = grey[i] < air;
    }
    boolean[] inside = new boolean[grey.length];
    Arrays.fill(inside, true);
    for (int[] region : Regions.of(darks, columns, false)) {
      if (Arrays.stream(region).anyMatch(i -> onEdge(i, grey.length, columns))) {
        Arrays.stream(region).forEach(i -> inside[i] = false);
      }
    }
    boolean[] body = new boolean[grey.length];
    Regions.of(inside, columns, false).stream()
        .max(Comparator.comparingInt(region -> region.length))
        .ifPresent(region -> Arrays.stream(region).forEach(i -> body[i] = true));
    return body;
  }

  private static boolean onEdge(int i, int pixels, int columns) {
    int x = i % columns;
    return i < columns || i >= pixels - columns || x == 0 || x == columns - 1;
  }

  /** Averages the pixels that each pixel of the reduced image covers, over all channels. */
  private static double[] smaller(DisplayImage image, int rows, int columns) {
    double[] sums = new double[rows * columns];
    int[] counts = new int[rows * columns];
    for (int i = 0; i < image.values().length; i++) {
      int pixel = i / image.channels();
      int y = (int) ((long) (pixel / image.columns()) * rows / image.rows());
      int x = (int) ((long) (pixel % image.columns()) * columns / image.columns());
      sums[y * columns + x] += image.values()[i];
      counts[y * columns + x]++;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i];
    }
    return sums;
  }
}
