package org.m2ib.metrics;

import java.util.Arrays;
import java.util.Comparator;
import org.m2ib.imaging.DisplayImage;

/**
 * Where the body is in a radiograph, CT or MR image as it is shown: what dark air, flooding in from
 * the image's edges, does not reach; of that the largest connected part, which leaves markers
 * beside the body out. Lungs are dark too, but the body closes round them.
 *
 * <p>Limits: a lung that the image's edge cuts is taken for air; air is taken for body where a
 * bright frame or table shuts it off from the edge, or where it is shown bright.
 */
public final class BodyMask {
  /** The body is looked for in a smaller image: noise goes, and time. */
  private static final int LONG_SIDE = 256;

  private static final double DARKEST = 0.01;
  private static final double BRIGHTEST = 0.99;

  /** Air is darker than this share of the way from the darkest to the brightest. */
  private static final double AIR = 0.15;

  private BodyMask() {}

  /**
   * @return rows * columns values, row-major; all true where no air touches the edge
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

  /** Means of the pixels behind each pixel of the smaller image, and of their channels. */
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
