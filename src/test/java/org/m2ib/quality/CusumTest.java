package org.m2ib.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against sums that a loop over numpy 2.4.6 arrays computed from the formula. */
class CusumTest {

  private static void assertSums(List<Cusum.Point> points, double[] up, double[] down) {
    assertThat(points).hasSize(up.length);
    for (int i = 0; i < up.length; i++) {
      assertThat(points.get(i).up()).as("up %d", i).isCloseTo(up[i], within(1e-9));
      assertThat(points.get(i).down()).as("down %d", i).isCloseTo(down[i], within(1e-9));
    }
  }

  @Test
  void theSumsAreThoseOfAnotherImplementation() {
    double[] values = {0.1, -0.2, 1.5, 2.0, 1.0, 2.5, 1.8, 0.2, -3.0, -2.5, -1.8, 0.0};
    List<Cusum.Point> points = Cusum.of(values, 0, 1);
    assertSums(
        points,
        new double[] {0, 0, 1.0, 2.5, 3.0, 5.0, 6.3, 0, 0, 0, 0, 0},
        new double[] {0, 0, 0, 0, 0, 0, 0, 0, 2.5, 4.5, 5.8, 0});
    assertThat(points.stream().map(Cusum.Point::alarm))
        .as("above the limit, not at it, and then anew")
        .containsExactly("", "", "", "", "", "", "up", "", "", "", "down", "");
  }

  @Test
  void valuesAreStandardisedByTheReference() {
    double[] values = {0.31, 0.29, 0.30, 0.32, 0.36, 0.38, 0.37, 0.41};
    assertSums(
        Cusum.of(values, 0.305, 0.012909944487358068),
        new double[] {
          0, 0, 0, 0.661895003862, 4.42217668469, 9.731651704002, 4.53487835007, 12.168143377105
        },
        new double[] {0, 0.661895003862, 0.549193338483, 0, 0, 0, 0, 0});
  }

  @Test
  void nothingHasNoSums() {
    assertThat(Cusum.of(new double[0], 0, 1)).isEmpty();
  }
}
