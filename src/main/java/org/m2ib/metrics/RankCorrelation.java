package org.m2ib.metrics;

import java.util.Arrays;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * Spearman's rank correlation: whether two maps rank their values in the same order. It measures
 * how much a map depends on the random seed, on a small change of the image, on the model's weights
 * or on the sentence (Adebayo et al. 2018, arXiv 1810.03292).
 */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * @param a values without NaN
   * @param b as many values
   * @return in [-1, 1]; ties share their mean rank; NaN if either is constant
   */
  public static double spearman(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(a.length + " values against " + b.length);
    }
    return pearson(ranks(a), ranks(b));
  }

  /** Correlates two grids, patch by patch. */
  public static double spearman(double[][] a, double[][] b) {
    return spearman(flat(a), flat(b));
  }

  private static double[] ranks(double[] values) {
    double[] equalZeros = Arrays.stream(values).map(v -> v + 0.0).toArray(); // -0 becomes 0
    return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(equalZeros);
  }

  /** Ranks with averaged ties always have the same mean. */
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
