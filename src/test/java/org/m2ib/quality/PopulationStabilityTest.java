package org.m2ib.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against figures that numpy 2.4.6 computed from the formula, with one line for each index. */
class PopulationStabilityTest {
  private static final double CLOSE = 1e-12;

  @Test
  void theIndexIsThatOfAnotherImplementation() {
    assertThat(
            PopulationStability.of(
                new long[] {2, 8, 5, 5, 3, 8, 1, 4, 4, 20},
                new long[] {12, 12, 12, 12, 12, 12, 12, 12, 12, 12}))
        .isCloseTo(0.5904256523147224, within(CLOSE));
    assertThat(PopulationStability.of(new long[] {25, 25, 25, 25}, new long[] {30, 20, 20, 30}))
        .isCloseTo(0.04054651081081643, within(CLOSE));
  }

  @Test
  void anEmptyBinCountsAsHalfAValue() {
    assertThat(PopulationStability.of(new long[] {0, 10, 20, 30}, new long[] {15, 15, 15, 15}))
        .isCloseTo(1.053005094088336, within(CLOSE));
  }

  @Test
  void theSameDistributionHasTheIndexZero() {
    assertThat(PopulationStability.of(new long[] {1, 2, 3}, new long[] {10, 20, 30})).isZero();
  }

  @Test
  void withoutValuesThereIsNoIndex() {
    assertThat(PopulationStability.of(new long[] {0, 0}, new long[] {1, 2})).isNaN();
    assertThat(PopulationStability.of(new long[] {1, 2}, new long[] {0, 0})).isNaN();
  }

  @Test
  void equalQuantilesDivideNothing() {
    assertThat(PopulationStability.edges(new double[] {0, 0, 0, 0.25, 0.5, 0.5}))
        .containsExactly(0, 0.25, 0.5);
  }

  @Test
  void fewValuesHaveAHighIndexByChance() {
    assertThat(PopulationStability.byChance(10, 20, 100)).isCloseTo(0.54, within(CLOSE));
  }

  @Test
  void theVerdictChangesAtTheUsualThresholds() {
    assertThat(PopulationStability.verdict(0.0999)).isEqualTo("stable");
    assertThat(PopulationStability.verdict(0.1)).isEqualTo("moderate");
    assertThat(PopulationStability.verdict(0.2499)).isEqualTo("moderate");
    assertThat(PopulationStability.verdict(0.25)).isEqualTo("large");
  }
}
