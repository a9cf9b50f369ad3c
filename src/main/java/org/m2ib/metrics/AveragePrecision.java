package org.m2ib.metrics;

/**
 * Average precision: the mean over all positives of the precision among the items that score at
 * least as high. Tied items enter together, so their order does not matter. There is no
 * interpolation.
 */
final class AveragePrecision implements Ties.Visitor {
  private double sum;
  private double positives;
  private double items;

  private AveragePrecision() {}

  /**
   * @return in (0, 1]; NaN if there is no positive
   */
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
