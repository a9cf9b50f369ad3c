package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationLineTest {
  private static final int N = 20_000;

  /** Log-odds as given, of events that come true by the log-odds divided by a factor. */
  private static double[] line(double factor, double shift) {
    SplittableRandom random = new SplittableRandom(1);
    double[] logOdds = new double[N];
    boolean[] wrong = new boolean[N];
    for (int i = 0; i < N; i++) {
      double truth = 8 * random.nextDouble() - 4;
      wrong[i] = random.nextDouble() < 1 / (1 + Math.exp(-truth));
      logOdds[i] = factor * truth + shift;
    }
    double[] weights = new double[N];
    Arrays.fill(weights, 1);
    return CalibrationLine.of(logOdds, wrong, weights);
  }

  @Test
  void calibratedLogOddsHaveSlopeOneAndInterceptZero() {
    assertThat(line(1, 0)[0]).isEqualTo(0, within(0.1));
    assertThat(line(1, 0)[1]).isEqualTo(1, within(0.05));
  }

  @Test
  void tooSureLogOddsHaveASmallSlopeAndShiftedOnesAnIntercept() {
    assertThat(line(2, 0)[1]).isEqualTo(0.5, within(0.03));
    assertThat(line(1, 1)[0]).isEqualTo(-1, within(0.1));
  }

  @Test
  void aPerfectDivisionHasALargeSlopeAndOneSortAloneNone() {
    double[] ones = {1, 1, 1, 1};
    boolean[] divided = {false, false, true, true};
    assertThat(CalibrationLine.of(new double[] {-2, -1, 1, 2}, divided, ones)[1])
        .isGreaterThan(2)
        .isLessThanOrEqualTo(20);
    assertThat(CalibrationLine.of(new double[] {1, 2, 3, 4}, new boolean[4], ones)[1]).isNaN();
  }
}
