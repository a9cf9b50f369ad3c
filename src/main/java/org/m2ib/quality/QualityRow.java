package org.m2ib.quality;

import org.m2ib.agreement.Proportion;

/**
 * A row of a figure: what was measured of a group. What a figure does not have is null.
 *
 * @param measure for example {@code similarity}, or scheme and question as {@code standard.finding}
 * @param by what the group has in common: {@code model}, {@code month}, {@code device} ...
 * @param group its value; {@code ""} is not known
 * @param cases how many cases it has
 * @param n how many results, days or cases the value is of
 * @param count of these, how many have the property; null for what is no share
 * @param value share, mean, index, or number; null if there is none
 * @param low of the 95 % interval
 * @param high of the 95 % interval
 * @param byChance what a population stability index is about where nothing has moved
 * @param up cumulative sum upwards, in standard deviations of the reference
 * @param down cumulative sum downwards
 * @param verdict {@code stable}, {@code moderate}, {@code large}; {@code up} or {@code down} for an
 *     alarm of a cumulative sum; {@code ""}
 * @param small whether the group is too small to say much: fewer than {@value #FEW}
 */
public record QualityRow(
    String measure,
    String by,
    String group,
    long cases,
    long n,
    Long count,
    Double value,
    Double low,
    Double high,
    Double byChance,
    Double up,
    Double down,
    String verdict,
    boolean small) {
  /** Smaller groups are said to be small. */
  public static final int FEW = 5;

  static QualityRow share(String measure, String by, String group, long cases, Proportion share) {
    return new QualityRow(
        measure,
        by,
        group,
        cases,
        share.of(),
        (long) share.count(),
        share.value(),
        share.low(),
        share.high(),
        null,
        null,
        null,
        "",
        share.of() < FEW);
  }

  static QualityRow number(
      String measure, String by, String group, long cases, long n, Double value) {
    return interval(measure, by, group, cases, n, value, null, null);
  }

  static QualityRow interval(
      String measure,
      String by,
      String group,
      long cases,
      long n,
      Double value,
      Double low,
      Double high) {
    return new QualityRow(
        measure, by, group, cases, n, null, value, low, high, null, null, null, "", n < FEW);
  }

  static QualityRow stability(
      String measure, String month, long cases, long n, double index, double byChance) {
    return new QualityRow(
        measure,
        "month",
        month,
        cases,
        n,
        null,
        index,
        null,
        null,
        byChance,
        null,
        null,
        PopulationStability.verdict(index),
        n < FEW);
  }

  static QualityRow sums(
      String measure, String day, long cases, long n, double mean, Cusum.Point point) {
    return new QualityRow(
        measure,
        "day",
        day,
        cases,
        n,
        null,
        mean,
        null,
        null,
        null,
        point.up(),
        point.down(),
        point.alarm(),
        n < FEW);
  }
}
