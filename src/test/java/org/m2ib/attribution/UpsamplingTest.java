package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.imaging.Geometry;

class UpsamplingTest {
  private static final double[][] GRID = {{0, 4}, {8, 4}};

  @Test
  void betweenTwoPatchCentresTheMapIsBilinearAndOutsideOfThemItIsHeld() {
    assertThat(Upsampling.toInput(GRID, 4, 4))
        .containsExactly(
            0, .125f, .375f, .5f, //
            .25f, .3125f, .4375f, .5f, //
            .75f, .6875f, .5625f, .5f, //
            1, .875f, .625f, .5f);
  }

  @Test
  void overASourceThatTheModelSawWholeItIsTheSameAtTheSourcesSize() {
    Geometry whole = new Geometry(4, 4, 8, 8, 0, 0, 8, 8);
    assertThat(Upsampling.toSource(GRID, whole)).isEqualTo(Upsampling.toInput(GRID, 4, 4));
  }

  @Test
  void whatTheModelDidNotSeeHasTheMapsMinimum() {
    double[][] grid = {{1, 5}, {9, 5}};
    Geometry cut = new Geometry(2, 6, 2, 6, 0, 2, 2, 2);
    assertThat(Upsampling.toSource(grid, cut))
        .containsExactly(
            0, 0, 0, .5f, 0, 0, //
            0, 0, 1, .5f, 0, 0);
  }

  @Test
  void aFlatGridIsAllNought() {
    assertThat(Upsampling.toInput(new double[][] {{3, 3}, {3, 3}}, 3, 3)).containsOnly(0);
  }
}
