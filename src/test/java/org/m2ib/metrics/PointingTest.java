package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PointingTest {
  private static final int SIZE = 8;

  @Test
  void aMaximumOnTheMaskHits() {
    assertThat(Pointing.hit(peakAt(3, 4), maskAt(3, 4), SIZE, 0)).isTrue();
  }

  @Test
  void theMaskGrowsByThePatchToEachSideAndNoFarther() {
    boolean[] mask = maskAt(3, 4);
    assertThat(Pointing.hit(peakAt(5, 6), mask, SIZE, 2)).isTrue();
    assertThat(Pointing.hit(peakAt(1, 2), mask, SIZE, 2)).isTrue();
    assertThat(Pointing.hit(peakAt(6, 4), mask, SIZE, 2)).isFalse();
    assertThat(Pointing.hit(peakAt(3, 1), mask, SIZE, 2)).isFalse();
  }

  @Test
  void theMaskDoesNotGrowRoundTheEdgeOfTheImage() {
    assertThat(Pointing.hit(peakAt(4, 0), maskAt(3, 7), SIZE, 2)).isFalse();
    assertThat(Pointing.hit(peakAt(0, 0), maskAt(7, 7), SIZE, 2)).isFalse();
  }

  @Test
  void aFlatMapMissesEvenAMaskOfEverything() {
    boolean[] all = new boolean[SIZE * SIZE];
    Arrays.fill(all, true);
    assertThat(Pointing.hit(new float[SIZE * SIZE], all, SIZE, 2)).isFalse();
  }

  @Test
  void ofEqualMaximaTheFirstCounts() {
    float[] map = peakAt(1, 1);
    map[6 * SIZE + 6] = 1;
    assertThat(Pointing.hit(map, maskAt(1, 1), SIZE, 0)).isTrue();
    assertThat(Pointing.hit(map, maskAt(6, 6), SIZE, 0)).isFalse();
  }

  @Test
  void aGridIsBroughtToTheSizeOfTheImageAndItsPatchIsTheGrowth() {
    double[][] grid = {{0, 0, 0, 0}, {0, 0, 5, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}};
    // the patch covers rows 2 to 3 and columns 4 to 5 of 8; a patch is 2 pixels
    assertThat(Pointing.hit(grid, maskAt(2, 2), SIZE)).isTrue();
    assertThat(Pointing.hit(grid, maskAt(2, 1), SIZE)).isFalse();
  }

  @Test
  void aMapOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> Pointing.hit(new float[9], new boolean[16], 4, 1))
        .hasMessage("map of 9 and mask of 16 values are not 4 x 4");
  }

  private static float[] peakAt(int row, int column) {
    float[] map = new float[SIZE * SIZE];
    map[row * SIZE + column] = 1;
    return map;
  }

  private static boolean[] maskAt(int row, int column) {
    boolean[] mask = new boolean[SIZE * SIZE];
    mask[row * SIZE + column] = true;
    return mask;
  }
}
