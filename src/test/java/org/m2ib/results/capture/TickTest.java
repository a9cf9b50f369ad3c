package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TickTest {
  private static List<String> labels(double least, double greatest) {
    return Tick.along(least, greatest).stream().map(Tick::label).toList();
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(labels(0, 2.3)).containsExactly("0.0", "0.5", "1.0", "1.5", "2.0");
    assertThat(labels(0.013, 0.0701))
        .containsExactly("0.02", "0.03", "0.04", "0.05", "0.06", "0.07");
    assertThat(labels(3, 61)).containsExactly("10", "20", "30", "40", "50", "60");
    assertThat(labels(0, 3.1e-7)).containsExactly("0.0e+00", "1.0e-07", "2.0e-07", "3.0e-07");
    assertThat(Tick.along(0, 2).get(2)).isEqualTo(new Tick(0.5, "1.0"));
  }

  @Test
  void aFlatScaleHasOneTick() {
    assertThat(Tick.along(1.25, 1.25)).containsExactly(new Tick(0, "1.25"));
  }

  @Property
  void everyTickStandsWhereItsNumberLies(
      @ForAll @DoubleRange(min = 0, max = 5) double least,
      @ForAll @DoubleRange(min = 0.01, max = 50) double range) {
    List<Tick> ticks = Tick.along(least, least + range);
    assertThat(ticks).hasSizeBetween(2, 8);
    for (Tick tick : ticks) {
      assertThat(Math.abs(least + tick.share() * range - Double.parseDouble(tick.label())))
          .isLessThan(1e-6 + range * 1e-6);
    }
  }
}
