package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;

class TuningTest {
  private static final String FIGURE = Tuning.FAITHFUL;
  private static final M2ibSettings NOW = M2ibSettings.PAPER;
  private static final M2ibSettings OTHER = NOW.with(7, 1.0, 10);
  private static final M2ibSettings THIRD = NOW.with(8, 1.0, 10);

  @Test
  void whatIsCertainlyBetterAndMostSoIsChosen() {
    assertThat(best(0.2, 0.3)).isEqualTo(THIRD);
    assertThat(best(0.3, 0.2)).isEqualTo(OTHER);
  }

  @Test
  void whatIsNotCertainlyBetterIsNotChosen() {
    assertThat(best(0, 0)).isEqualTo(NOW);
    assertThat(best(-0.2, -0.3)).isEqualTo(NOW);
  }

  /** Twenty images; the others differ from the settings there are by so much, and a little more. */
  private static M2ibSettings best(double other, double third) {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double noise = 0.01 * (i % 5 - 2);
      add(scored, i, NOW, 0.5);
      add(scored, i, OTHER, 0.5 + other + noise);
      add(scored, i, THIRD, 0.5 + third - noise);
    }
    Comparison comparison = Comparison.of(scored, Tuning.name(NOW), 1);
    return Tuning.best(comparison, FIGURE, NOW, List.of(NOW, OTHER, THIRD));
  }

  private static void add(List<Scored> scored, int i, M2ibSettings settings, double value) {
    scored.add(new Scored("" + i, "" + i, "case", Tuning.name(settings), Map.of(FIGURE, value)));
  }
}
