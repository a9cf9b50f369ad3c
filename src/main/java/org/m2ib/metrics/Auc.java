package org.m2ib.metrics;

import java.util.function.IntUnaryOperator;

/**
 * Area under the ROC curve, as Mann and Whitney's U over the number of pairs: the share of pairs of
 * a positive and a negative in which the positive scores higher; a tie counts half.
 */
public final class Auc {
  private final Ties ties;

  /**
   * @param scores finite
   * @param positive of each score, whether it should be high
   */
  public Auc(float[] scores, boolean[] positive) {
    this(new Ties(scores, positive));
  }

  public Auc(Ties ties) {
    this.ties = ties;
  }

  static double of(float[] scores, boolean[] positive) {
    return new Auc(scores, positive).value(i -> 1);
  }

  /**
   * @param weight how often each item counts
   * @return NaN where no positive or no negative counts
   */
  public double value(IntUnaryOperator weight) {
    var sum =
        new Ties.Visitor() {
          double area;
          double positives;
          double negatives;

          @Override
          public void at(float score, double tiedPositives, double tiedNegatives) {
            area += tiedNegatives * (positives + tiedPositives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
          }
        };
    ties.falling(weight, sum);
    return sum.area / (sum.positives * sum.negatives);
  }
}
