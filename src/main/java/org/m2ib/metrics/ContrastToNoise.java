package org.m2ib.metrics;

/**
 * Contrast-to-noise ratio of a map against a mask: (mean inside - mean outside) / sqrt(variance
 * inside + variance outside), with population variances. Published evaluations of phrase grounding
 * on MS-CXR (Boecking et al. 2022, arXiv 2204.09817) take the absolute difference, which also
 * rewards a map that avoids the mask. The sign distinguishes the two.
 */
final class ContrastToNoise {
  private ContrastToNoise() {}

  /**
   * @return above 0 if the map is higher inside; NaN if it is flat both inside and outside, or one
   *     of them is empty
   */
  static double signed(float[] map, boolean[] mask) {
    double[] count = new double[2];
    double[] mean = new double[2];
    double[] squares =
        new double[2]; // of squared deviations from the mean, by Welford's recurrence
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
