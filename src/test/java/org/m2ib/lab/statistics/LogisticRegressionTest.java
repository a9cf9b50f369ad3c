package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  /** With labels alone, the log-odds are those of their share. */
  @Test
  void aFeatureThatNeverVariesLeavesTheShareOfPositives() {
    List<double[]> rows = List.of(new double[] {3}, new double[] {3}, new double[] {3});
    LogisticRegression fit = new LogisticRegression(rows, new boolean[] {true, true, false});
    assertThat(fit.score(new double[] {3})).isCloseTo(Math.log(2), within(1e-6));
  }

  /**
   * By hand, of x = -1, 1 with one and three positives of four: without the penalty the log-odds
   * are -log 3 and log 3; at the optimum with it 8 (p - 3/4) + 0.1 w = 0 where p = 1 / (1 + e^-w).
   */
  @Test
  void theSlopeIsTheOneByHand() {
    List<double[]> rows = new ArrayList<>();
    boolean[] positive = new boolean[8];
    for (int i = 0; i < 8; i++) {
      rows.add(new double[] {i < 4 ? -1 : 1});
      positive[i] = i == 0 || i > 4;
    }
    LogisticRegression fit = new LogisticRegression(rows, positive);
    double w = fit.score(new double[] {1});
    assertThat(8 * (1 / (1 + Math.exp(-w)) - 0.75) + 0.1 * w).isCloseTo(0, within(1e-9));
    assertThat(fit.score(new double[] {-1})).isCloseTo(-w, within(1e-9));
    assertThat(w).isBetween(1.0, Math.log(3));
  }

  @Test
  void whatIsSeparableStaysFinite() {
    List<double[]> rows = List.of(new double[] {-1}, new double[] {0}, new double[] {1});
    LogisticRegression fit = new LogisticRegression(rows, new boolean[] {false, true, true});
    assertThat(fit.score(new double[] {1})).isFinite().isGreaterThan(fit.score(new double[] {-1}));
  }

  /**
   * A feature that says the picture: it knows the label, but only of pictures that it was shown.
   */
  @Test
  void aPictureIsNotJudgedByAFitThatHasSeenIt() {
    List<double[]> rows = new ArrayList<>();
    List<String> pictures = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      double[] which = new double[20];
      which[i / 2] = 1;
      rows.add(which);
      pictures.add("picture " + i / 2);
      positive[i] = i / 2 % 2 == 0;
    }
    double[] scores = LogisticRegression.crossValidated(rows, positive, pictures, 5, 1);
    for (int i = 0; i < 40; i++) {
      assertThat(scores[i]).as("%d knows nothing of its own picture", i).isBetween(-1.0, 1.0);
    }
    assertThat(LogisticRegression.crossValidated(rows, positive, pictures, 5, 1)).isEqualTo(scores);
  }

  @Test
  void aSinglePictureIsRefused() {
    List<double[]> rows = List.of(new double[] {1}, new double[] {2});
    assertThatThrownBy(
            () ->
                LogisticRegression.crossValidated(
                    rows, new boolean[] {true, false}, List.of("a", "a"), 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cross-validation needs two images or more");
  }
}
