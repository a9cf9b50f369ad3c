package org.m2ib.metrics;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Scored items in descending order, with equal scores grouped. */
final class Ties {
  private final float[] scores;
  private final boolean[] positive;

  /** The sortable bits of each score above its index, in ascending order. */
  private final long[] order;

  /** Visits each distinct score. */
  interface Visitor {
    /**
     * @param positives weighted number of positives with this score
     * @param negatives weighted number of negatives with this score
     */
    void at(float score, double positives, double negatives);
  }

  /**
   * @param scores scores without NaN
   * @param positive for each score, whether it should be high
   */
  Ties(float[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          scores.length + " scores and " + positive.length + " labels");
    }
    this.scores = scores;
    this.positive = positive;
    this.order = new long[scores.length];
    for (int i = 0; i < scores.length; i++) {
      int bits = Float.floatToIntBits(scores[i] + 0f); // -0 becomes 0
      // a float's bits increase with it if it is positive, and decrease if it is negative
      order[i] = (long) (bits < 0 ? Integer.MIN_VALUE - bits : bits) << 32 | i;
    }
    Arrays.sort(order);
  }

  /**
   * @param weight number of times that each item counts
   */
  void falling(IntUnaryOperator weight, Visitor visitor) {
    for (int from = order.length - 1, to; from >= 0; from = to) {
      double positives = 0;
      double negatives = 0;
      for (to = from; to >= 0 && order[to] >> 32 == order[from] >> 32; to--) {
        int item = (int) order[to];
        int count = weight.applyAsInt(item);
        if (positive[item]) {
          positives += count;
        } else {
          negatives += count;
        }
      }
      visitor.at(scores[(int) order[from]], positives, negatives);
    }
  }
}
