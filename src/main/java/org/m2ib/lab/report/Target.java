package org.m2ib.lab.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.m2ib.lab.experiments.PhantomComparison;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;
import org.m2ib.metrics.Localisation;

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

  /** All of them, of phantoms. */
  public static List<Target> of(Comparison phantoms) {
    Comparison.Row all = phantoms.row(Comparison.ALL, PhantomComparison.SENTENCE).orElseThrow();
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "at least " + FINDINGS + " findings",
            String.valueOf(all.examples()),
            all.examples() >= FINDINGS));
    targets.add(
        atLeast("sentence above the same with the other side", all, PhantomComparison.SIDE, SIDE));
    targets.add(atLeast("pointing game over all findings", all, Localisation.POINTING, POINTING));
    Arrays.stream(FindingType.values())
        .map(PhantomComparison::category)
        .flatMap(c -> phantoms.row(c, PhantomComparison.SENTENCE).stream())
        .filter(row -> row.examples() > 0)
        .min(Comparator.comparing(row -> row.figures().get(Localisation.POINTING).value()))
        .ifPresent(
            row ->
                targets.add(
                    atLeast(
                        "pointing game of each finding; lowest: " + row.category(),
                        row,
                        Localisation.POINTING,
                        POINTING_EACH)));
    targets.add(atLeast("pixel AUC over all findings", all, Localisation.AUC, AUC));
    targets.add(above("pointing game", all, Localisation.POINTING));
    targets.add(above("pixel AUC", all, Localisation.AUC));
    return targets;
  }

  private static Target atLeast(
      String description, Comparison.Row row, String figure, double threshold) {
    Interval interval = row.figures().get(figure);
    return new Target(
        description + ": at least " + Markdown.number(figure, threshold),
        interval == null ? "not measured" : Markdown.interval(figure, interval),
        interval != null && interval.value() >= threshold);
  }

  private static Target above(String description, Comparison.Row row, String figure) {
    Paired paired = row.against().get(figure);
    return new Target(
        description
            + " above that of another finding's sentence: difference above 0 by its interval",
        paired == null ? "not measured" : Markdown.interval(figure, paired.difference()),
        paired != null && paired.difference().low() > 0);
  }
}
