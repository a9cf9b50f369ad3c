package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothingTest {

  /** exp(-1/2) and exp(-2): a Gaussian's values one and two deviations from its middle. */
  @Test
  void onePatchSpreadsAsAGaussianOfItsWidth() {
    double[][] grid = new double[13][13];
    grid[6][6] = 1;
    double[][] smooth = Smoothing.of(grid);
    assertThat(smooth[6][7] / smooth[6][6]).isCloseTo(0.606531, within(1e-6));
    assertThat(smooth[4][6] / smooth[6][6]).isCloseTo(0.135335, within(1e-6));
    assertThat(smooth[5][7] / smooth[6][6]).isCloseTo(0.367879, within(1e-6));
    assertThat(smooth[6][10]).isZero();
  }

  @Test
  void aFlatMapStaysFlatUpToItsEdges() {
    for (double[] row : Smoothing.of(new double[][] {{2, 2, 2}, {2, 2, 2}})) {
      assertThat(row).containsExactly(new double[] {2, 2, 2}, within(1e-12));
    }
  }
}
