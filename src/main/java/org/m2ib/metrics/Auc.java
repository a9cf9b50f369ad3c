package org.m2ib.metrics;

import java.util.function.IntUnaryOperator;

/**
 * Area under the ROC curve, computed as Mann and Whitney's U divided by the number of pairs: the
 * share of pairs of a positive and a negative in which the positive scores higher. A tie counts one
 * half.
 */
public final class Auc {
  private final Ties ties;

  /**
   * @param scores finite scores
   * @param positive for each score, whether it should be high
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
   * @param weight number of times that each item counts
   * @return in [0, 1]; NaN if no positive or no negative counts
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
