package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankingTest {
  private static final int[] ONCE = {1, 1, 1, 1, 1, 1};

  /** In descending order: wrong, right, wrong, right, right, right. */
  private static final Ranking MIXED =
      new Ranking(
          new double[] {6, 5, 4, 3, 2, 1},
          new boolean[] {true, false, true, false, false, false},
          new int[] {0, 1, 2, 3, 4, 5});

  @Test
  void figuresAreThoseCountedByHand() {
    assertThat(MIXED.auroc(ONCE)).isEqualTo(7.0 / 8);
    assertThat(MIXED.averagePrecision(ONCE)).isEqualTo((1.0 + 2.0 / 3) / 2);
    assertThat(MIXED.sensitivity(ONCE, 0)).isEqualTo(0.5);
    assertThat(MIXED.sensitivity(ONCE, 0.25)).isEqualTo(1);
  }

  @Test
  void tiesCountHalfAndDoNotDependOnOrder() {
    Ranking tied =
        new Ranking(
            new double[] {1, 1, 1, 1}, new boolean[] {true, false, true, false}, new int[4]);
    assertThat(tied.auroc(new int[] {1})).isEqualTo(0.5);
    assertThat(tied.averagePrecision(new int[] {1})).isEqualTo(0.5);
    assertThat(tied.sensitivity(new int[] {1}, 0.1)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void aClusterCountsAsOftenAsItWasDrawn() {
    assertThat(MIXED.auroc(new int[] {0, 1, 1, 1, 1, 1})).isEqualTo(3.0 / 4);
    assertThat(MIXED.auroc(new int[] {0, 1, 0, 1, 1, 1})).isNaN();
  }
}
