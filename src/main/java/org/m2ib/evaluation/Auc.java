package org.m2ib.evaluation;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Area under the ROC curve, as Mann and Whitney's U over the number of pairs: the share of pairs of
 * a positive and a negative in which the positive scores higher; a tie counts half.
 */
final class Auc {
  /** Scores in rising order: each one's bits, made sortable, above its index. */
  private final long[] order;

  private final boolean[] positive;

  /**
   * @param scores finite
   * @param positive of each score, whether it should be high
   */
  Auc(float[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          scores.length + " scores and " + positive.length + " labels");
    }
    this.positive = positive;
    this.order = new long[scores.length];
    for (int i = 0; i < scores.length; i++) {
      int bits = Float.floatToIntBits(scores[i] + 0f); // -0 becomes 0
      // a float's bits rise with it where it is positive, and fall where it is negative
      order[i] = (long) (bits < 0 ? Integer.MIN_VALUE - bits : bits) << 32 | i;
    }
    Arrays.sort(order);
  }

  static double of(float[] scores, boolean[] positive) {
    return new Auc(scores, positive).value(i -> 1);
  }

  /**
   * @param weight how often each item counts
   * @return NaN where no positive or no negative counts
   */
  double value(IntUnaryOperator weight) {
    double area = 0;
    double positives = 0;
    double negatives = 0;
    for (int from = 0, to; from < order.length; from = to) {
      double tiedPositives = 0;
      double tiedNegatives = 0;
      for (to = from; to < order.length && order[to] >> 32 == order[from] >> 32; to++) {
        int item = (int) order[to];
        int count = weight.applyAsInt(item);
        if (positive[item]) {
          tiedPositives += count;
        } else {
          tiedNegatives += count;
        }
      }
      area += tiedPositives * (negatives + tiedNegatives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
    }
    return area / (positives * negatives);
  }
}
