package org.m2ib.lab.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.descriptive.NaNPolicy;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * Percentile intervals by resampling whole clusters with replacement: findings in one phantom are
 * not independent. All figures use the same resamples.
 */
public final class Bootstrap {
  static final int RESAMPLES = 2000;
  private static final double[] ENDS = {0.025, 0.975};

  private final long seed;
  private final int clusters;

  public Bootstrap(long seed, int clusters) {
    this.seed = seed;
    this.clusters = clusters;
  }

  /**
   * @param figure as a function of how often each cluster was drawn; NaN excludes a resample
   */
  public Interval interval(ToDoubleFunction<int[]> figure) {
    int[] once = new int[clusters];
    Arrays.fill(once, 1);
    SplittableRandom random = new SplittableRandom(seed);
    double[] resampled = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      int[] draws = new int[clusters];
      for (int j = 0; j < clusters; j++) {
        draws[random.nextInt(clusters)]++;
      }
      resampled[i] = figure.applyAsDouble(draws);
    }
    double[] ends = Quantile.withDefaults().with(NaNPolicy.EXCLUDE).evaluate(resampled, ENDS);
    return new Interval(figure.applyAsDouble(once), ends[0], ends[1]);
  }
}
