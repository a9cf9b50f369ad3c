package org.m2ib.metrics;

import java.util.Arrays;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * Spearman's rank correlation: whether two maps order their values the same way. It shows how much
 * a map depends on the noise's seed, a small change of the image, the model's weights or the
 * sentence (Adebayo et al. 2018, arXiv 1810.03292).
 */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * @param a without NaN
   * @param b of the same length
   * @return in [-1, 1]; equal values share the mean of their ranks; NaN if either is flat
   */
  public static double spearman(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(a.length + " values against " + b.length);
    }
    return pearson(ranks(a), ranks(b));
  }

  /** Of two grids, patch by patch. */
  public static double spearman(double[][] a, double[][] b) {
    return spearman(flat(a), flat(b));
  }

  private static double[] ranks(double[] values) {
    double[] equalZeros = Arrays.stream(values).map(v -> v + 0.0).toArray(); // -0 becomes 0
    return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(equalZeros);
  }

  /** Averaged ranks have the same mean for any values. */
  private static double pearson(double[] a, double[] b) {
    double mean = (a.length + 1) / 2.0;
    double both = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - mean) * (b[i] - mean);
      squaresA += (a[i] - mean) * (a[i] - mean);
      squaresB += (b[i] - mean) * (b[i] - mean);
    }
    return both / Math.sqrt(squaresA * squaresB);
  }

  private static double[] flat(double[][] grid) {
    return Arrays.stream(grid).flatMapToDouble(Arrays::stream).toArray();
  }
}
