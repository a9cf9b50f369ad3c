package org.m2ib.metrics;

/**
 * Average precision: the mean, over the positives, of the precision among all items that score at
 * least as high. Equal scores are processed together, so that their order does not matter; nothing
 * is interpolated.
 */
final class AveragePrecision implements Ties.Visitor {
  private double sum;
  private double positives;
  private double items;

  private AveragePrecision() {}

  /** NaN without any positive. */
  static double of(Ties ties) {
    AveragePrecision precision = new AveragePrecision();
    ties.falling(i -> 1, precision);
    return precision.sum / precision.positives;
  }

  @Override
  public void at(float score, double tiedPositives, double tiedNegatives) {
    positives += tiedPositives;
    items += tiedPositives + tiedNegatives;
    sum += tiedPositives * positives / items;
  }
}
