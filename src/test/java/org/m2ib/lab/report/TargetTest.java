package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.experiments.Figure;
import org.m2ib.lab.experiments.Table;
import org.m2ib.lab.statistics.Interval;

class TargetTest {

  @Test
  void allAreMetAtTheirLimits() {
    Table table = table(1000, 0.9, 0.8, 0.5, 0.85, 0.001);
    assertThat(Target.of(table)).hasSize(7).allMatch(Target::met);
    assertThat(Markdown.of(table)).doesNotContain("NOT MET").contains("| met |");
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
    Table table = new Table(1, List.of(new Table.Row(Table.ALL, 0, Map.of())));
    assertThat(Target.of(table)).noneMatch(Target::met);
    assertThat(Target.of(table)).extracting(Target::reached).contains("not measured");
  }

  private static void assertMissed(Table table, String what) {
    assertThat(Target.of(table))
        .filteredOn(t -> !t.met())
        .singleElement()
        .satisfies(t -> assertThat(t.description()).contains(what));
    assertThat(Markdown.of(table)).containsOnlyOnce("**NOT MET**");
  }

  /**
   * @param least lower end of the differences' intervals
   */
  private static Table table(
      int findings, double side, double pointing, double weakest, double auc, double least) {
    Map<Figure, Interval> all = new EnumMap<>(Figure.class);
    all.put(Figure.SIDE, new Interval(side, 0.1, 1));
    all.put(Figure.POINTING, new Interval(pointing, 0.1, 1));
    all.put(Figure.AUC, new Interval(auc, 0.1, 1));
    all.put(Figure.POINTING_GAIN, new Interval(0.2, least, 1));
    all.put(Figure.AUC_GAIN, new Interval(0.2, least, 1));
    return new Table(
        700,
        List.of(
            new Table.Row("nodule", 9, Map.of(Figure.POINTING, new Interval(0.9, 0.8, 1))),
            new Table.Row("catheter", 9, Map.of(Figure.POINTING, new Interval(weakest, 0.4, 1))),
            new Table.Row("oedema", 0, Map.of()),
            new Table.Row(Table.ALL, findings, all)));
  }
}
