package org.m2ib.lab.statistics;

/**
 * Logistic regression of what is wrong on the log-odds that it was given (Cox 1958): calibrated
 * log-odds have slope 1 and intercept 0. A slope below 1 says that they are too far from even.
 * Wrong and right ones count as if they were equally many.
 */
public final class CalibrationLine {
  private static final int STEPS = 50;

  /** A longer step of Newton's method may lead away. */
  private static final double LONGEST = 1;

  /** A perfect division has no finite slope. */
  private static final double STEEPEST = 20;

  private CalibrationLine() {}

  /**
   * @param logOdds finite
   * @param wrong whether each is
   * @param weights of each, 0 or more
   * @return intercept and slope; NaN unless there are wrong and right ones
   */
  public static double[] of(double[] logOdds, boolean[] wrong, double[] weights) {
    double[] totals = new double[2];
    for (int i = 0; i < logOdds.length; i++) {
      totals[wrong[i] ? 1 : 0] += weights[i];
    }
    if (totals[0] == 0 || totals[1] == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double intercept = 0;
    double slope = 0;
    for (int step = 0; step < STEPS && Math.abs(slope) < STEEPEST; step++) {
      double g0 = 0;
      double g1 = 0;
      double h00 = 1e-9;
      double h01 = 0;
      double h11 = 1e-9;
      for (int i = 0; i < logOdds.length; i++) {
        double x = logOdds[i];
        double w = weights[i] / totals[wrong[i] ? 1 : 0];
        double p = 1 / (1 + Math.exp(-intercept - slope * x));
        double v = w * p * (1 - p);
        g0 += w * (p - (wrong[i] ? 1 : 0));
        g1 += w * (p - (wrong[i] ? 1 : 0)) * x;
        h00 += v;
        h01 += v * x;
        h11 += v * x * x;
      }
      double determinant = h00 * h11 - h01 * h01;
      double change0 = (h11 * g0 - h01 * g1) / determinant;
      double change1 = (h00 * g1 - h01 * g0) / determinant;
      double length = Math.max(Math.abs(change0), Math.abs(change1));
      double factor = length > LONGEST ? LONGEST / length : 1;
      intercept -= factor * change0;
      slope -= factor * change1;
      if (length < 1e-8) {
        break;
      }
    }
    return new double[] {intercept, Math.max(-STEEPEST, Math.min(STEEPEST, slope))};
  }
}
