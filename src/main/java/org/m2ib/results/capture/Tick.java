package org.m2ib.results.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A round number on a scale.
 *
 * @param share position on the scale, [0, 1]
 * @param label the number
 */
record Tick(double share, String label) {
  private static final double SLACK = 1e-9;

  /** Two to eight multiples of 1, 2 or 5 times a power of ten; one tick if the scale is flat. */
  static List<Tick> along(double least, double greatest) {
    double range = greatest - least;
    if (!(range > 0)) {
      return List.of(new Tick(0, String.format(Locale.ROOT, "%.3g", least)));
    }
    double power = Math.pow(10, Math.floor(Math.log10(range / 3)));
    double units = range / 3 / power;
    double step = power * (units >= 5 ? 5 : units >= 2 ? 2 : 1);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + SLACK));
    String format = decimals <= 4 ? "%." + decimals + "f" : "%.1e";
    List<Tick> ticks = new ArrayList<>();
    // + 0.0 because Math.ceil turns small negative values into -0.0
    for (double i = Math.ceil(least / step - SLACK) + 0.0;
        i * step <= greatest + step * SLACK;
        i++) {
      double share = Math.max(0, Math.min(1, (i * step - least) / range));
      ticks.add(new Tick(share, String.format(Locale.ROOT, format, i * step)));
    }
    return ticks;
  }
}
