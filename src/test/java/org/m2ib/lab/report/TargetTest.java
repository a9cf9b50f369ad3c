package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.experiments.PhantomComparison;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;
import org.m2ib.metrics.Localisation;

class TargetTest {

  @Test
  void allAreMetAtTheirLimits() {
    Comparison table = table(1000, 0.9, 0.8, 0.5, 0.85, 0.001);
    assertThat(Target.of(table)).hasSize(7).allMatch(Target::met);
    assertThat(Markdown.ofPhantoms(table)).doesNotContain("NOT MET").contains("| met |");
  }

  @Test
  void eachIsMissedJustBelow() {
    assertMissed(table(999, 0.9, 0.8, 0.5, 0.85, 0.001), "at least 1000 findings");
    assertMissed(table(1000, 0.899, 0.8, 0.5, 0.85, 0.001), "other side: at least 90.0");
    assertMissed(table(1000, 0.9, 0.799, 0.5, 0.85, 0.001), "over all findings: at least 80.0");
    assertMissed(table(1000, 0.9, 0.8, 0.499, 0.85, 0.001), "lowest: catheter: at least 50.0");
    assertMissed(table(1000, 0.9, 0.8, 0.5, 0.849, 0.001), "pixel AUC over all findings");
  }

  @Test
  void aboveAnotherFindingsSentenceIsByTheInterval() {
    assertThat(Target.of(table(1000, 0.9, 0.8, 0.5, 0.85, 0)))
        .filteredOn(t -> !t.met())
        .extracting(Target::description)
        .hasSize(2)
        .allMatch(what -> what.contains("above that of another finding's sentence"));
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    Comparison table =
        new Comparison(
            PhantomComparison.ANOTHER, List.of(row(Comparison.ALL, 0, Map.of(), Map.of())));
    assertThat(Target.of(table)).noneMatch(Target::met);
    assertThat(Target.of(table)).extracting(Target::reached).contains("not measured");
  }

  private static void assertMissed(Comparison table, String what) {
    assertThat(Target.of(table))
        .filteredOn(t -> !t.met())
        .singleElement()
        .satisfies(t -> assertThat(t.description()).contains(what));
    assertThat(Markdown.ofPhantoms(table)).containsOnlyOnce("**NOT MET**");
  }

  /**
   * @param least lower end of the differences' intervals
   */
  private static Comparison table(
      int findings, double side, double pointing, double weakest, double auc, double least) {
    Paired gain = new Paired(new Interval(0.2, least, 1), findings, 0.01, 0.01);
    return new Comparison(
        PhantomComparison.ANOTHER,
        List.of(
            row(
                Comparison.ALL,
                findings,
                Map.of(
                    PhantomComparison.SIDE, new Interval(side, 0.1, 1),
                    Localisation.POINTING, new Interval(pointing, 0.1, 1),
                    Localisation.AUC, new Interval(auc, 0.1, 1)),
                Map.of(Localisation.POINTING, gain, Localisation.AUC, gain)),
            row("nodule", 9, Map.of(Localisation.POINTING, new Interval(0.9, 0.8, 1)), Map.of()),
            row(
                "catheter",
                9,
                Map.of(Localisation.POINTING, new Interval(weakest, 0.4, 1)),
                Map.of()),
            row("oedema", 0, Map.of(), Map.of())));
  }

  private static Comparison.Row row(
      String category, int findings, Map<String, Interval> figures, Map<String, Paired> against) {
    return new Comparison.Row(category, PhantomComparison.SENTENCE, findings, figures, against);
  }
}
