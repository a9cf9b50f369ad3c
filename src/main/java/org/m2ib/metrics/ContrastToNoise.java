package org.m2ib.metrics;

/**
 * Contrast-to-noise ratio of a map against a mask: (mean inside - mean outside) / sqrt(variance
 * inside + variance outside), variances of the whole population. Published evaluations of phrase
 * grounding on MS-CXR (Boecking et al. 2022, arXiv 2204.09817) take the difference without its
 * sign, which also rewards a map that avoids the mask; the sign tells the two apart.
 */
final class ContrastToNoise {
  private ContrastToNoise() {}

  /**
   * @return above 0 where the map is higher inside; NaN where it is flat on both sides of the edge,
   *     or there is but one side
   */
  static double signed(float[] map, boolean[] mask) {
    double[] count = new double[2];
    double[] mean = new double[2];
    double[] squares = new double[2]; // of distances from the mean, by Welford's recurrence
    for (int i = 0; i < map.length; i++) {
      int side = mask[i] ? 1 : 0;
      count[side]++;
      double distance = map[i] - mean[side];
      mean[side] += distance / count[side];
      squares[side] += distance * (map[i] - mean[side]);
    }
    double noise = Math.sqrt(squares[1] / count[1] + squares[0] / count[0]);
    return noise > 0 ? (mean[1] - mean[0]) / noise : Double.NaN;
  }
}
