package org.m2ib.lab.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.base.Notice;
import org.m2ib.lab.experiments.AuditTable;
import org.m2ib.lab.experiments.PhantomComparison;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;
import org.m2ib.metrics.Localisation;
import org.m2ib.results.Audit;

/** Tables for people; numbers are the same in every locale. */
public final class Markdown {
  /** Shares of phantoms' findings, written in percent. */
  private static final Set<String> SHARES = Set.of(Localisation.POINTING, PhantomComparison.SIDE);

  private static final List<String> MAPS =
      List.of(
          "finding",
          "n",
          "its sentence",
          "the same, another finding's sentence",
          "difference",
          "random map",
          "centre map");

  private Markdown() {}

  /** The first row of a table, and the line below it. */
  public static String head(List<String> cells) {
    return row(cells) + "|" + "---|".repeat(cells.size()) + "\n";
  }

  /** One row of a table, its cells as they are. */
  public static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** Targets, then the figures by finding, each with its 95 % interval. */
  public static String ofPhantoms(Comparison phantoms) {
    StringBuilder text = new StringBuilder(head(List.of("target", "reached", "")));
    for (Target target : Target.of(phantoms)) {
      text.append(
          row(
              List.of(
                  target.description(), target.reached(), target.met() ? "met" : "**NOT MET**")));
    }
    text.append("\nPointing game, %:\n\n").append(maps(phantoms, Localisation.POINTING));
    text.append("\nPixel AUC:\n\n").append(maps(phantoms, Localisation.AUC));
    text.append("\nImage and sentence:\n\n");
    text.append(
        head(
            List.of(
                "finding",
                "n",
                "right side above wrong side, %",
                "sentence: images where it is true above others, AUC",
                "its denial: the same, AUC")));
    for (Comparison.Row own : sentences(phantoms)) {
      text.append(
          row(
              List.of(
                  own.category(),
                  String.valueOf(own.examples()),
                  cell(own, PhantomComparison.SIDE),
                  cell(own, PhantomComparison.PAIR_AUC),
                  cell(own, PhantomComparison.DENIED_AUC))));
    }
    return text.toString();
  }

  private static String maps(Comparison phantoms, String figure) {
    StringBuilder text = new StringBuilder(head(MAPS));
    for (Comparison.Row own : sentences(phantoms)) {
      List<String> cells = new ArrayList<>();
      cells.add(own.category());
      cells.add(String.valueOf(own.examples()));
      cells.add(cell(own, figure));
      cells.add(cell(phantoms, own.category(), PhantomComparison.ANOTHER, figure));
      Paired gain = own.against().get(figure);
      cells.add(gain == null ? "" : interval(figure, gain.difference()));
      cells.add(cell(phantoms, own.category(), PhantomComparison.RANDOM, figure));
      cells.add(cell(phantoms, own.category(), PhantomComparison.CENTRE, figure));
      text.append(row(cells));
    }
    return text.toString();
  }

  /** A row for each type, and last all. */
  private static List<Comparison.Row> sentences(Comparison phantoms) {
    return Stream.concat(
            Arrays.stream(FindingType.values()).map(PhantomComparison::category),
            Stream.of(Comparison.ALL))
        .flatMap(c -> phantoms.row(c, PhantomComparison.SENTENCE).stream())
        .toList();
  }

  private static String cell(Comparison phantoms, String category, String method, String figure) {
    return phantoms.row(category, method).map(row -> cell(row, figure)).orElse("");
  }

  private static String cell(Comparison.Row row, String figure) {
    Interval interval = row.figures().get(figure);
    return interval == null ? "" : interval(figure, interval);
  }

  /** A row for each kind of sentence: shares in percent. */
  public static String of(AuditTable audits) {
    StringBuilder text =
        new StringBuilder(
            head(
                List.of(
                    "sentence",
                    "n",
                    "any alarm",
                    "contrary fits better",
                    "other side fits better",
                    "on text",
                    "map on the other side")));
    List<Predicate<Audit>> alarms =
        List.of(
            Audit::alarm,
            a -> a.alarms().contains(Audit.Alarm.CONTRARY),
            a -> a.alarms().contains(Audit.Alarm.OTHER_SIDE),
            a -> a.alarms().contains(Audit.Alarm.SHORTCUT),
            a -> Boolean.FALSE.equals(a.sameSide()));
    for (AuditTable.Kind kind : AuditTable.Kind.values()) {
      List<String> cells = new ArrayList<>();
      Collections.addAll(cells, kind.words(), String.valueOf(audits.count(kind)));
      alarms.forEach(
          alarm ->
              cells.add(String.format(Locale.ROOT, "%.0f %%", 100 * audits.share(kind, alarm))));
      text.append(row(cells));
    }
    return text.toString();
  }

  /**
   * Methods by figures, a table for each category.
   *
   * @param figures the columns, in this order
   */
  public static String of(Comparison comparison, List<String> figures) {
    StringBuilder text = new StringBuilder();
    String category = null;
    for (Comparison.Row row : comparison.rows()) {
      if (!row.category().equals(category)) {
        category = row.category();
        text.append(text.isEmpty() ? "" : "\n").append(escaped(category)).append(":\n\n");
        List<String> heads = new ArrayList<>(List.of("method", "n"));
        figures.forEach(figure -> heads.add(escaped(figure)));
        text.append(head(heads));
      }
      List<String> cells = new ArrayList<>();
      Collections.addAll(cells, escaped(row.method()), String.valueOf(row.examples()));
      figures.forEach(figure -> cells.add(measured(row, figure)));
      text.append(row(cells));
    }
    return text
        + """

        In brackets: 95 %% interval, by resampling whole images. \u2191 higher and \u2193 lower than %s on \
        the same examples: p < %s by Wilcoxon's signed-rank test on images, corrected by Holm for \
        the methods of a column. %s %s
        """
            .formatted(
                escaped(comparison.reference()),
                Paired.SIGNIFICANT,
                Notice.NOT_A_DEVICE,
                Notice.NOT_DIAGNOSTIC);
  }

  /**
   * Methods by figures, each the mean of the categories' own values: rare findings count as much as
   * frequent ones.
   */
  public static String meansOverCategories(Comparison comparison, List<String> figures) {
    Map<String, List<Comparison.Row>> methods =
        comparison.rows().stream()
            .filter(row -> !row.category().equals(Comparison.ALL))
            .collect(
                Collectors.groupingBy(
                    Comparison.Row::method, LinkedHashMap::new, Collectors.toList()));
    List<String> heads = new ArrayList<>(List.of("method", "findings"));
    figures.forEach(figure -> heads.add(escaped(figure)));
    StringBuilder text = new StringBuilder(head(heads));
    methods.forEach(
        (method, rows) -> {
          List<String> cells = new ArrayList<>();
          Collections.addAll(cells, escaped(method), String.valueOf(rows.size()));
          for (String figure : figures) {
            OptionalDouble mean =
                rows.stream()
                    .map(row -> row.figures().get(figure))
                    .filter(Objects::nonNull)
                    .mapToDouble(Interval::value)
                    .average();
            cells.add(mean.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", mean.getAsDouble()));
          }
          text.append(row(cells));
        });
    return text.toString();
  }

  private static String measured(Comparison.Row row, String figure) {
    Interval interval = row.figures().get(figure);
    if (interval == null) {
      return "";
    }
    Paired paired = row.against().get(figure);
    int direction = paired == null ? 0 : paired.direction();
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f)%s",
        interval.value(),
        interval.low(),
        interval.high(),
        direction > 0 ? " \u2191" : direction < 0 ? " \u2193" : "");
  }

  /** A bar would end the cell, a line break the row. */
  private static String escaped(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }

  /** Of a phantoms' figure. */
  static String interval(String figure, Interval i) {
    return "%s (%s to %s)"
        .formatted(number(figure, i.value()), number(figure, i.low()), number(figure, i.high()));
  }

  /** Shares in percent with one decimal, areas with three. */
  static String number(String figure, double value) {
    return SHARES.contains(figure)
        ? String.format(Locale.ROOT, "%.1f", 100 * value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
