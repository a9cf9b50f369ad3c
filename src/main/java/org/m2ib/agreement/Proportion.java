package org.m2ib.agreement;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A share with its 95 % interval by Wilson's score (Wilson, JASA 22, 1927).
 *
 * @param count of those that have the property
 * @param of all
 * @param value 0 to 1; null if there are none
 * @param low of the interval; null if there are none
 * @param high of the interval; null if there are none
 */
public record Proportion(int count, int of, Double value, Double low, Double high) {
  private static final double Z = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.975);

  public static Proportion of(int count, int of) {
    if (of == 0) {
      return new Proportion(0, 0, null, null, null);
    }
    double share = (double) count / of;
    double spread = 1 + Z * Z / of;
    double centre = (share + Z * Z / (2 * of)) / spread;
    double half = Z / spread * Math.sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
    return new Proportion(count, of, share, Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
