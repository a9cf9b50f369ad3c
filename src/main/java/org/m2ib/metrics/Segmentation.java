package org.m2ib.metrics;

/**
 * The part of a map that published protocols take for its segmentation, and how they compare it
 * with a mask. All arrays are row-major over the source image.
 */
final class Segmentation {
  private static final int LEVELS = 256;

  /** Side of the raster on which MedCLIP-SAMv2 clusters a map. */
  private static final int SIDE = 256;

  private Segmentation() {}

  /**
   * CheXlocalize (Saporta et al. 2022): the map scaled to 0 to 255 and cut to whole numbers, above
   * Otsu's threshold. Nothing of a flat map.
   */
  static boolean[] otsu(float[] map) {
    int[] levels = levels(map, false);
    int threshold = threshold(histogram(levels));
    boolean[] above = new boolean[map.length];
    for (int i = 0; i < map.length; i++) {
      above[i] = levels[i] > threshold;
    }
    return above;
  }

  /**
   * MedCLIP-SAMv2 (Koleilat et al., arXiv 2409.19483), its coarse segmentation before SAM: the map
   * as an 8-bit picture, sampled at 256 x 256 points, in two clusters by k-means, the brighter one
   * back in the image's size, and of that the largest region (of equal ones, all). Regions may
   * touch at a corner. Nothing of a flat map.
   *
   * <p>Two clusters of numbers with the least squared error are the two sides of Otsu's threshold,
   * so no iteration is needed; the published one may end in an optimum next to it.
   */
  static boolean[] kMeans(float[] map, int rows, int columns) {
    int[] levels = levels(map, true);
    int[] sampled = new int[SIDE * SIDE];
    for (int i = 0; i < sampled.length; i++) {
      sampled[i] = levels[sample(i / SIDE, SIDE, rows) * columns + sample(i % SIDE, SIDE, columns)];
    }
    int threshold = threshold(histogram(sampled));
    boolean[] bright = new boolean[map.length];
    for (int i = 0; i < bright.length; i++) {
      int y = sample(i / columns, rows, SIDE);
      int x = sample(i % columns, columns, SIDE);
      bright[i] = sampled[y * SIDE + x] > threshold;
    }
    var regions = Regions.of(bright, columns, true);
    int largest = regions.stream().mapToInt(region -> region.length).max().orElse(0);
    boolean[] kept = new boolean[map.length];
    for (int[] region : regions) {
      if (region.length == largest) {
        for (int i : region) {
          kept[i] = true;
        }
      }
    }
    return kept;
  }

  /** Intersection over union, [0, 1]. */
  static double iou(boolean[] segmentation, boolean[] mask) {
    double dice = dice(segmentation, mask);
    return dice / (2 - dice);
  }

  /** Dice coefficient, [0, 1]; 0 if either is empty. */
  static double dice(boolean[] segmentation, boolean[] mask) {
    long both = 0;
    long sum = 0;
    for (int i = 0; i < mask.length; i++) {
      both += segmentation[i] && mask[i] ? 1 : 0;
      sum += (segmentation[i] ? 1 : 0) + (mask[i] ? 1 : 0);
    }
    return both == 0 ? 0 : 2.0 * both / sum;
  }

  /** The nearest of {@code from} positions, as OpenCV's INTER_NEAREST takes it. */
  private static int sample(int position, int positions, int from) {
    return Math.min(from - 1, (int) Math.floor(position * ((double) from / positions)));
  }

  /** Scaled to 0 to 255 by minimum and maximum; all 0 for a flat map. */
  private static int[] levels(float[] map, boolean rounded) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : map) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    int[] levels = new int[map.length];
    for (int i = 0; most > least && i < map.length; i++) {
      float scaled = (LEVELS - 1) * ((map[i] - least) / (most - least));
      levels[i] = (int) (rounded ? Math.rint(scaled) : scaled);
    }
    return levels;
  }

  private static long[] histogram(int[] levels) {
    long[] histogram = new long[LEVELS];
    for (int level : levels) {
      histogram[level]++;
    }
    return histogram;
  }

  /** The lowest level after which the two sides differ most between them (Otsu 1979). */
  private static int threshold(long[] histogram) {
    double count = 0;
    double sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      count += histogram[level];
      sum += (double) level * histogram[level];
    }
    double below = 0;
    double belowSum = 0;
    double best = 0;
    int threshold = LEVELS - 1;
    for (int level = 0; level < LEVELS - 1; level++) {
      below += histogram[level];
      belowSum += (double) level * histogram[level];
      if (below > 0 && below < count && histogram[level] > 0) {
        double apart = belowSum / below - (sum - belowSum) / (count - below);
        double between = below * (count - below) * apart * apart;
        if (between > best) {
          best = between;
          threshold = level;
        }
      }
    }
    return threshold;
  }
}
