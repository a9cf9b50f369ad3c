package org.m2ib.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures; docs/quality.md says how each is computed. */
public enum QualityFigure {
  /** The share of judged results whose answer agrees, by group. */
  AGREEMENT,
  /** That share, and the one on which two readers say the same, over time. */
  CONCORDANCE,
  /** The population stability index of a month against the reference. */
  DRIFT,
  /** Cumulative sums of daily means. */
  CUSUM,
  /** How much of the maps lies on markers or outside the body, by device and sender. */
  MAPS,
  /** Agreement, alarms and similarity by age and sex. */
  SUBGROUPS,
  /** How many cases came and how long they took, by month. */
  TURNAROUND;

  /** Its name in {@code /api}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty for an unknown code. */
  public static Optional<QualityFigure> of(String code) {
    return Arrays.stream(values()).filter(figure -> figure.code().equals(code)).findFirst();
  }

  public static List<String> codes() {
    return Arrays.stream(values()).map(QualityFigure::code).toList();
  }
}
