package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.m2ib.metrics.MetricsGolden;

class PairedTest {

  @Test
  void theSignedRankTestIsWhatScipyGives() {
    JsonNode cases = MetricsGolden.read("signedRank");
    assertThat(cases).hasSize(5);
    for (JsonNode golden : cases) {
      double p = Paired.signedRank(MetricsGolden.doubles(golden.path("differences")));
      assertThat(p).isCloseTo(golden.path("p").asDouble(), within(1e-9));
    }
  }

  @Test
  void holmsCorrectionIsWhatStatsmodelsGives() {
    JsonNode golden = MetricsGolden.read("holm");
    double[] p = MetricsGolden.doubles(golden.path("p"));
    double[] expected = MetricsGolden.doubles(golden.path("adjusted"));
    assertThat(Paired.holm(Arrays.stream(p).boxed().toList()))
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void whatWasNotTestedIsNoMemberOfTheFamily() {
    double[] adjusted = Paired.holm(List.of(0.02, Double.NaN, 0.01));
    assertThat(adjusted[0]).isEqualTo(0.02);
    assertThat(adjusted[1]).isNaN();
    assertThat(adjusted[2]).isEqualTo(0.02);
  }

  @Property
  void aCorrectionLowersNothingAndKeepsTheOrder(
      @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 1) Double> p) {
    double[] adjusted = Paired.holm(p);
    for (int i = 0; i < adjusted.length; i++) {
      assertThat(adjusted[i]).isBetween(p.get(i), Math.min(1, p.size() * p.get(i)));
      for (int j = 0; j < adjusted.length; j++) {
        assertThat(p.get(i) < p.get(j) && adjusted[i] > adjusted[j]).isFalse();
      }
    }
  }

  @Test
  void nothingDiffersWithCertaintyWhereNothingDiffers() {
    Paired same = Paired.of(List.of(new double[] {0, 0}, new double[] {0}), new Bootstrap(1, 2));
    assertThat(same).isEqualTo(new Paired(new Interval(0, 0, 0), 3, 1, 1));
    assertThat(same.direction()).isZero();
    Paired none = Paired.of(List.of(new double[] {Double.NaN}), new Bootstrap(1, 1));
    assertThat(none.pairs()).isZero();
    assertThat(none.p()).isNaN();
    assertThat(none.direction()).isZero();
  }

  @Test
  void aCertainDifferenceHasItsSign() {
    Interval up = new Interval(0.2, 0.1, 0.3);
    Interval down = new Interval(-0.2, -0.3, -0.1);
    assertThat(new Paired(up, 9, 0.01, 0.049).direction()).isEqualTo(1);
    assertThat(new Paired(down, 9, 0.01, 0.049).direction()).isEqualTo(-1);
    assertThat(new Paired(up, 9, 0.01, 0.05).direction()).isZero();
  }

  @Test
  void manyExamplesOfOneImageAreNoMoreEvidenceThanOne() {
    List<double[]> once = new ArrayList<>();
    List<double[]> often = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      double difference = i % 4 == 0 ? -i / 10.0 : i / 10.0;
      once.add(new double[] {difference});
      often.add(new double[] {difference, difference, difference, Double.NaN});
    }
    Paired few = Paired.of(once, new Bootstrap(5, 12));
    Paired many = Paired.of(often, new Bootstrap(5, 12));
    assertThat(many.pairs()).isEqualTo(36);
    assertThat(many.p()).isCloseTo(few.p(), within(1e-12));
    assertThat(many.difference().low()).isCloseTo(few.difference().low(), within(1e-12));
    assertThat(many.difference().high()).isCloseTo(few.difference().high(), within(1e-12));
  }
}
