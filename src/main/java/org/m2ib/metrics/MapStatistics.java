package org.m2ib.metrics;

import java.util.Arrays;

/**
 * What can be said of a map without knowing where it should be. A map is taken as it is shown: its
 * minimum is nothing, so that methods of any scale can be compared.
 */
public final class MapStatistics {
  private MapStatistics() {}

  /**
   * How spread out a map is: the entropy of its patches' shares over that of an even map.
   *
   * @param grid a value for each patch, [rows][columns]
   * @return 0 of a single patch, 1 of an even or flat map
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
   * @param mask over the image, for instance the text that is burned into it
   * @return share of the map that lies on the mask, [0, 1]; NaN of a flat map
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

  /** Share of the map that lies outside a mask, for instance the body. */
  public static double shareOutside(float[] map, boolean[] mask) {
    return 1 - share(map, mask);
  }
}
