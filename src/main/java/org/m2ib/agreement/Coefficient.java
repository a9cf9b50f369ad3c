package org.m2ib.agreement;

/**
 * A coefficient of agreement with its 95 % interval, or why there is none.
 *
 * @param value at most 1; null if it is not defined
 * @param low of the interval, at least -1; null without one
 * @param high of the interval, at most 1; null without one
 * @param subjects that were rated by two raters or more
 * @param reason why value or interval are missing; {@code ""} if none is
 */
public record Coefficient(Double value, Double low, Double high, int subjects, String reason) {

  static Coefficient undefined(int subjects, String reason) {
    return new Coefficient(null, null, null, subjects, reason);
  }

  /** The same with an interval that does not go below a least value. */
  Coefficient from(double least) {
    return new Coefficient(value, Math.max(least, low), high, subjects, reason);
  }

  /**
   * @param half of the interval's width; NaN if it is not known
   */
  static Coefficient of(double value, double half, int subjects, String reason) {
    return Double.isNaN(half)
        ? new Coefficient(value, null, null, subjects, reason)
        : new Coefficient(
            value, Math.max(-1, value - half), Math.min(1, value + half), subjects, "");
  }
}
