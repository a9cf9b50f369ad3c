package org.m2ib.metrics;

import java.util.Arrays;

/**
 * Statistics of a map that need no ground truth. The map's minimum counts as zero, as in its
 * display, so that methods of any scale can be compared.
 */
public final class MapStatistics {
  private MapStatistics() {}

  /**
   * How diffuse a map is: the entropy of its patches' shares relative to a uniform map.
   *
   * @param grid a value for each patch, [rows][columns]
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
   * @param map over the image, row-major
   * @param mask over the image, for example burned-in text
   * @return share of the map on the mask, [0, 1]; NaN for a flat map
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

  /** Share of the map outside a mask, for example the body. */
  public static double shareOutside(float[] map, boolean[] mask) {
    return 1 - share(map, mask);
  }
}
