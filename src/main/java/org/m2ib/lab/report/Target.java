package org.m2ib.lab.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.m2ib.lab.experiments.Figure;
import org.m2ib.lab.experiments.Table;
import org.m2ib.lab.statistics.Interval;

/**
 * A target for the maps of the phantom model, and the figure reached.
 *
 * @param description in words
 * @param reached the figure with its interval
 * @param met by the figure itself, unless the description says otherwise
 */
public record Target(String description, String reached, boolean met) {
  private static final int FINDINGS = 1000;
  private static final double SIDE = 0.9;
  private static final double POINTING = 0.8;
  private static final double POINTING_EACH = 0.5;
  private static final double AUC = 0.85;

  /** All of them, of a table. */
  public static List<Target> of(Table table) {
    Table.Row all = table.all();
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "at least " + FINDINGS + " findings",
            String.valueOf(all.findings()),
            all.findings() >= FINDINGS));
    targets.add(atLeast("sentence above the same with the other side", all, Figure.SIDE, SIDE));
    targets.add(atLeast("pointing game over all findings", all, Figure.POINTING, POINTING));
    table.types().stream()
        .min(Comparator.comparing(row -> row.figures().get(Figure.POINTING).value()))
        .ifPresent(
            row ->
                targets.add(
                    atLeast(
                        "pointing game of each finding; lowest: " + row.name(),
                        row,
                        Figure.POINTING,
                        POINTING_EACH)));
    targets.add(atLeast("pixel AUC over all findings", all, Figure.AUC, AUC));
    targets.add(above("pointing game", all, Figure.POINTING_GAIN));
    targets.add(above("pixel AUC", all, Figure.AUC_GAIN));
    return targets;
  }

  private static Target atLeast(
      String description, Table.Row row, Figure figure, double threshold) {
    Interval interval = row.figures().get(figure);
    return new Target(
        description + ": at least " + Markdown.number(figure, threshold),
        interval == null ? "not measured" : Markdown.interval(figure, interval),
        interval != null && interval.value() >= threshold);
  }

  private static Target above(String description, Table.Row row, Figure figure) {
    Interval interval = row.figures().get(figure);
    return new Target(
        description
            + " above that of another finding's sentence: difference above 0 by its interval",
        interval == null ? "not measured" : Markdown.interval(figure, interval),
        interval != null && interval.low() > 0);
  }
}
