package org.m2ib.metrics;

import java.util.Arrays;

/**
 * Statistics of a map that need no ground truth. A map's minimum counts as zero, as in its display,
 * so that methods with different scales can be compared.
 */
public final class MapStatistics {
  private MapStatistics() {}

  /**
   * Measures how spread out a map is: the entropy of its patches' shares, relative to that of a
   * uniform map.
   *
   * @param grid one value per patch, [rows][columns]
   * @return 0 for a single patch, 1 for a uniform or flat map
   */
  public static double entropy(double[][] grid) {
    double[] values = Arrays.stream(grid).flatMapToDouble(Arrays::stream).toArray();
    double least = Arrays.stream(values).min().orElseThrow();
    double sum = Arrays.stream(values).map(v -> v - least).sum();
    if (sum == 0) {
      return 1;
    }
    double entropy =
        Arrays.stream(values)
            .map(v -> (v - least) / sum)
            .filter(share -> share > 0)
            .map(share -> -share * Math.log(share))
            .sum();
    return entropy / Math.log(values.length);
  }

  /**
   * @param map map over the image, row-major
   * @param mask mask over the image, for example its burned-in text
   * @return share of the map inside the mask, [0, 1]; NaN for a flat map
   */
  public static double share(float[] map, boolean[] mask) {
    if (map.length != mask.length) {
      throw new IllegalArgumentException(
          "a map of " + map.length + " values and a mask of " + mask.length);
    }
    float least = Float.POSITIVE_INFINITY;
    for (float value : map) {
      least = Math.min(least, value);
    }
    double inside = 0;
    double sum = 0;
    for (int i = 0; i < map.length; i++) {
      double value = (double) map[i] - least;
      sum += value;
      inside += mask[i] ? value : 0;
    }
    return inside / sum;
  }

  /** Returns the share of the map outside a mask, for example of the body. */
  public static double shareOutside(float[] map, boolean[] mask) {
    return 1 - share(map, mask);
  }
}
