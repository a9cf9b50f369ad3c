package org.m2ib.quality;

import java.util.ArrayList;
import java.util.List;

/**
 * Two-sided tabular cumulative sums (Page, Biometrika 41, 1954; Montgomery, Introduction to
 * Statistical Quality Control, chapter 9), in standard deviations of the reference: with z the
 * standardised value, up = max(0, up + z - k) and down = max(0, down - z - k). A sum above h is an
 * alarm, after which both begin at 0 again. Without a shift an alarm comes about every 465 values.
 */
public final class Cusum {
  /** Half of the shift that is to be found, in standard deviations. */
  public static final double K = 0.5;

  /** Where an alarm is raised, in standard deviations. */
  public static final double H = 5;

  private Cusum() {}

  /**
   * The sums after a value.
   *
   * @param up of values above the reference's mean
   * @param down of values below it
   */
  public record Point(double up, double down) {
    /** {@code up}, {@code down}, or {@code ""} for no alarm. */
    public String alarm() {
      return up > H ? "up" : down > H ? "down" : "";
    }
  }

  /**
   * @param values in the order of time
   * @param mean of the reference
   * @param sd standard deviation of the reference, above 0
   */
  public static List<Point> of(double[] values, double mean, double sd) {
    List<Point> points = new ArrayList<>();
    double up = 0;
    double down = 0;
    for (double value : values) {
      double z = (value - mean) / sd;
      Point point = new Point(Math.max(0, up + z - K), Math.max(0, down - z - K));
      points.add(point);
      boolean again = !point.alarm().isEmpty();
      up = again ? 0 : point.up();
      down = again ? 0 : point.down();
    }
    return points;
  }
}
