package org.m2ib.lab.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.m2ib.base.Notice;
import org.m2ib.lab.experiments.Figure;
import org.m2ib.lab.experiments.Table;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;

/** Tables for people; numbers are the same in every locale. */
public final class Markdown {
  private static final List<Figure> WHERE =
      List.of(
          Figure.POINTING,
          Figure.POINTING_ANOTHER,
          Figure.POINTING_GAIN,
          Figure.POINTING_RANDOM,
          Figure.POINTING_CENTRE);
  private static final List<Figure> WHOLE =
      List.of(
          Figure.AUC, Figure.AUC_ANOTHER, Figure.AUC_GAIN, Figure.AUC_RANDOM, Figure.AUC_CENTRE);
  private static final List<Figure> MATCH =
      List.of(Figure.SIDE, Figure.PAIR_AUC, Figure.DENIED_AUC);

  private Markdown() {}

  /** Targets, then the figures by finding, each with its 95 % interval. */
  public static String of(Table table) {
    StringBuilder text = new StringBuilder();
    text.append("| target | reached | |\n|---|---|---|\n");
    for (Target target : Target.of(table)) {
      text.append(
          "| %s | %s | %s |\n"
              .formatted(
                  target.description(), target.reached(), target.met() ? "met" : "**NOT MET**"));
    }
    String maps = " | the same, another finding's sentence | difference | random map | centre map";
    figures(text, "Pointing game, %", "its sentence" + maps, table, WHERE);
    figures(text, "Pixel AUC", "its sentence" + maps, table, WHOLE);
    figures(
        text,
        "Image and sentence",
        "right side above wrong side, % | sentence: images where it is true above others, AUC"
            + " | its denial: the same, AUC",
        table,
        MATCH);
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
        text.append(text.isEmpty() ? "" : "\n").append(cell(category)).append(":\n\n");
        text.append("| method | n |");
        figures.forEach(figure -> text.append(" ").append(cell(figure)).append(" |"));
        text.append("\n|---|---|").append("---|".repeat(figures.size())).append("\n");
      }
      text.append("| %s | %d |".formatted(cell(row.method()), row.examples()));
      for (String figure : figures) {
        text.append(" ").append(measured(row, figure)).append(" |");
      }
      text.append("\n");
    }
    return text
        + """

        In brackets: 95 %% interval, by resampling whole images. \u2191 higher and \u2193 lower than %s on \
        the same examples: p < %s by Wilcoxon's signed-rank test on images, corrected by Holm for \
        the methods of a column. %s %s
        """
            .formatted(
                cell(comparison.reference()),
                Paired.SIGNIFICANT,
                Notice.NOT_A_DEVICE,
                Notice.NOT_DIAGNOSTIC);
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

  /** A vertical bar would end the cell, a line break the row. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }

  private static void figures(
      StringBuilder text, String title, String heads, Table table, List<Figure> figures) {
    text.append("\n").append(title).append(":\n\n| finding | n | ").append(heads).append(" |\n");
    text.append("|---|---|").append("---|".repeat(figures.size())).append("\n");
    for (Table.Row row : table.rows()) {
      String cells =
          figures.stream()
              .map(f -> row.figures().containsKey(f) ? interval(f, row.figures().get(f)) : "")
              .collect(Collectors.joining(" | "));
      text.append("| %s | %d | %s |\n".formatted(row.name(), row.findings(), cells));
    }
  }

  static String interval(Figure figure, Interval i) {
    return "%s (%s to %s)"
        .formatted(number(figure, i.value()), number(figure, i.low()), number(figure, i.high()));
  }

  /** Shares in percent with one decimal, areas with three. */
  static String number(Figure figure, double value) {
    return figure.isShare()
        ? String.format(Locale.ROOT, "%.1f", 100 * value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
