package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MapStatisticsTest {

  @Test
  void onePatchHasNoEntropyAndAnEvenOrFlatMapHasAll() {
    assertThat(MapStatistics.entropy(new double[][] {{0, 0}, {3, 0}})).isZero();
    assertThat(MapStatistics.entropy(new double[][] {{2, 2}, {2, 2}})).isEqualTo(1);
    // two of four patches: log 2 over log 4
    assertThat(MapStatistics.entropy(new double[][] {{5, 7}, {7, 5}}))
        .isCloseTo(0.5, within(1e-12));
    // a quarter and three quarters: 0.8113 of a bit, of two bits
    assertThat(MapStatistics.entropy(new double[][] {{0, 1}, {3, 0}}))
        .isCloseTo(0.811278124459133 / 2, within(1e-12));
  }

  @Test
  void aShareIsOfWhatIsAboveTheMapsMinimum() {
    float[] map = {-1, 0, 2, -1};
    boolean[] mask = {true, true, false, false};
    assertThat(MapStatistics.share(map, mask)).isEqualTo(0.25);
    assertThat(MapStatistics.shareOutside(map, mask)).isEqualTo(0.75);
    assertThat(MapStatistics.share(new float[4], mask)).isNaN();
    assertThatThrownBy(() -> MapStatistics.share(map, new boolean[3]))
        .hasMessage("a map of 4 values and a mask of 3");
  }

  @Property
  void aMirroredMapHasTheSameEntropy(@ForAll @Size(15) int[] values) {
    double[][] grid = new double[3][5];
    double[][] mirrored = new double[3][5];
    for (int i = 0; i < values.length; i++) {
      grid[i / 5][i % 5] = Math.floorMod(values[i], 100);
      mirrored[i / 5][4 - i % 5] = grid[i / 5][i % 5];
    }
    assertThat(MapStatistics.entropy(grid))
        .isBetween(0.0, 1 + 1e-12)
        .isCloseTo(MapStatistics.entropy(mirrored), within(1e-12));
  }
}
