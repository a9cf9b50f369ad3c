package org.m2ib.quality;

import java.util.Arrays;

/**
 * Population stability index: how far a distribution has moved from that of a reference. The values
 * are counted in bins that hold a tenth of the reference each; with p and q the shares of a bin now
 * and in the reference, it is the sum of (p - q) ln(p / q) (Siddiqi, Credit Risk Scorecards, 2006).
 * A bin that is empty in one of them counts as half a value there.
 */
public final class PopulationStability {
  /** From here on it is usual to speak of a moderate shift. */
  public static final double MODERATE = 0.1;

  /** From here on it is usual to speak of a large shift. */
  public static final double LARGE = 0.25;

  private static final int BINS = 10;

  private PopulationStability() {}

  /** The probabilities of the reference's quantiles that divide the bins. */
  static double[] probabilities() {
    double[] p = new double[BINS - 1];
    for (int i = 0; i < p.length; i++) {
      p[i] = (i + 1.0) / BINS;
    }
    return p;
  }

  /**
   * The upper ends of the bins but the last. Quantiles that are the same divide nothing, so a
   * reference with many equal values has fewer bins.
   */
  static double[] edges(double[] quantiles) {
    return Arrays.stream(quantiles).sorted().distinct().toArray();
  }

  /**
   * The index of counts; a bin that is empty in both adds nothing.
   *
   * @param now number of values by bin
   * @param reference number of values by bin
   * @return NaN if either has no value
   */
  public static double of(long[] now, long[] reference) {
    double n = Arrays.stream(now).sum();
    double m = Arrays.stream(reference).sum();
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < now.length; i++) {
      if (now[i] + reference[i] > 0) {
        double p = Math.max(now[i], 0.5) / n;
        double q = Math.max(reference[i], 0.5) / m;
        sum += (p - q) * Math.log(p / q);
      }
    }
    return sum;
  }

  /**
   * About what it is on average where nothing has moved: few values differ by chance (Yurdakul and
   * Naranjo, Journal of Risk Model Validation 14, 2020).
   *
   * @param bins how many
   */
  public static double byChance(int bins, long now, long reference) {
    return (bins - 1) * (1.0 / now + 1.0 / reference);
  }

  /** {@code stable}, {@code moderate} or {@code large}. */
  public static String verdict(double index) {
    return index >= LARGE ? "large" : index >= MODERATE ? "moderate" : "stable";
  }
}
