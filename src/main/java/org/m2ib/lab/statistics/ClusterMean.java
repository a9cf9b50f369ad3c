package org.m2ib.lab.statistics;

import java.util.List;

/** A mean over all members of clusters, some of which are drawn more than once. */
public final class ClusterMean {
  private final double[] sums;
  private final int[] counts;

  /**
   * @param clusters their members; NaN is ignored
   */
  public ClusterMean(List<double[]> clusters) {
    sums = new double[clusters.size()];
    counts = new int[clusters.size()];
    for (int i = 0; i < sums.length; i++) {
      for (double value : clusters.get(i)) {
        if (!Double.isNaN(value)) {
          sums[i] += value;
          counts[i]++;
        }
      }
    }
  }

  /** NaN without any member. */
  public double value(int[] draws) {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += draws[i] * sums[i];
      count += draws[i] * counts[i];
    }
    return sum / count;
  }
}
