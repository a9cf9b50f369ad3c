package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegionsTest {

  @Test
  void partsThatTouchByACornerAreOneOrTwoAsAsked() {
    boolean[] mask = mask("#.." + ".#." + "..#");
    assertThat(Regions.of(mask, 3, true)).containsExactly(new int[] {0, 4, 8});
    assertThat(Regions.of(mask, 3, false)).hasSize(3);
  }

  @Test
  void aPartDoesNotGoRoundTheEdgeOfTheImage() {
    assertThat(Regions.of(mask("..#" + "#.."), 3, true)).hasSize(2);
  }

  @Test
  void partsAreDisjointAndTogetherTheMask() {
    boolean[] mask = new boolean[40 * 30];
    Random random = new Random(3);
    IntStream.range(0, mask.length).forEach(i -> mask[i] = random.nextInt(5) < 3);
    boolean[] again = new boolean[mask.length];
    for (int[] part : Regions.of(mask, 30, false)) {
      for (int i : part) {
        assertThat(again[i]).isFalse();
        again[i] = true;
      }
    }
    assertThat(again).isEqualTo(mask);
  }

  @Test
  void aMaskGrowsByASquareThatTheImageCuts() {
    assertThat(Regions.grown(mask("...." + "...." + "...#" + "...."), 4, 1))
        .isEqualTo(mask("...." + "..##" + "..##" + "..##"));
    assertThat(Regions.grown(mask("#..." + "...." + "...."), 4, 2))
        .isEqualTo(mask("###." + "###." + "###."));
    boolean[] none = new boolean[6];
    assertThat(Regions.grown(none, 3, 2)).isEqualTo(none);
    boolean[] all = new boolean[6];
    Arrays.fill(all, true);
    assertThat(Regions.grown(all, 3, 2)).isEqualTo(all);
  }

  private static boolean[] mask(String drawn) {
    boolean[] mask = new boolean[drawn.length()];
    IntStream.range(0, mask.length).forEach(i -> mask[i] = drawn.charAt(i) == '#');
    return mask;
  }
}
