package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {

  @Test
  void itIsWhatScipyGivesWithAndWithoutTies() {
    JsonNode cases = MetricsGolden.read("rankCorrelation");
    assertThat(cases).hasSize(3);
    for (JsonNode golden : cases) {
      double found =
          RankCorrelation.spearman(
              MetricsGolden.doubles(golden.path("a")), MetricsGolden.doubles(golden.path("b")));
      assertThat(found).isCloseTo(golden.path("spearman").asDouble(), within(1e-12));
    }
  }

  @Test
  void aFlatMapHasNoOrderToCompare() {
    assertThat(RankCorrelation.spearman(new double[4], new double[] {1, 2, 3, 4})).isNaN();
  }

  @Test
  void twoGridsAreComparedPatchByPatch() {
    double[][] grid = {{1, 2}, {3, 4}};
    assertThat(RankCorrelation.spearman(grid, new double[][] {{10, 20}, {30, 40}})).isEqualTo(1);
    assertThat(RankCorrelation.spearman(grid, new double[][] {{4, 3}, {2, 1}})).isEqualTo(-1);
    assertThatThrownBy(() -> RankCorrelation.spearman(grid, new double[1][2]))
        .hasMessage("4 values against 2");
  }

  @Property
  void risingFunctionsChangeNothingAndTheSidesAreEqual(
      @ForAll @Size(12) List<@IntRange(min = -9, max = 9) Integer> first,
      @ForAll @Size(12) List<@IntRange(min = -9, max = 9) Integer> second) {
    double[] a = first.stream().mapToDouble(i -> i).toArray();
    double[] b = second.stream().mapToDouble(i -> i).toArray();
    double[] risen = second.stream().mapToDouble(i -> Math.exp(i) - 3).toArray();
    Double found = RankCorrelation.spearman(a, b); // boxed: NaN of a flat one equals NaN
    assertThat(found).isEqualTo(Double.valueOf(RankCorrelation.spearman(a, risen)));
    assertThat(found).isEqualTo(Double.valueOf(RankCorrelation.spearman(b, a)));
  }
}
