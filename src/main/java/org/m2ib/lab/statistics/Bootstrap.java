package org.m2ib.lab.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
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
    return intervals(draws -> new double[] {figure.applyAsDouble(draws)}).get(0);
  }

  /** The same for several figures that are computed together, in order. */
  public List<Interval> intervals(Function<int[], double[]> figures) {
    int[] once = new int[clusters];
    Arrays.fill(once, 1);
    SplittableRandom random = new SplittableRandom(seed);
    double[] value = figures.apply(once);
    double[][] resampled = new double[value.length][RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      int[] draws = new int[clusters];
      for (int j = 0; j < clusters; j++) {
        draws[random.nextInt(clusters)]++;
      }
      double[] drawn = figures.apply(draws);
      for (int f = 0; f < drawn.length; f++) {
        resampled[f][i] = drawn[f];
      }
    }
    Quantile quantile = Quantile.withDefaults().with(NaNPolicy.EXCLUDE);
    List<Interval> intervals = new ArrayList<>();
    for (int f = 0; f < value.length; f++) {
      double[] ends = quantile.evaluate(resampled[f], ENDS);
      intervals.add(new Interval(value[f], ends[0], ends[1]));
    }
    return intervals;
  }
}
