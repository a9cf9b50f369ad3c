package org.m2ib.metrics;

/**
 * Average precision: the mean, over the positives, of the precision among all items that score no
 * lower. Equal scores come in together, so that their order plays no part; nothing is interpolated.
 */
final class AveragePrecision implements Ties.Visitor {
  private double sum;
  private double positives;
  private double items;

  private AveragePrecision() {}

  /** NaN where there is no positive. */
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
