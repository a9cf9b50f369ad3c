package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AucTest {

  @Test
  void itIsTheShareOfPairsInWhichThePositiveIsHigherAndATieCountsHalf() {
    float[] scores = {0.1f, 0.4f, 0.35f, 0.8f};
    boolean[] positive = {false, false, true, true};
    assertThat(Auc.of(scores, positive)).isEqualTo(3 / 4.0);
    // pairs: 2 against 1 and 2 and 3: one won, one tied, one lost; 3 likewise 1.5 + 1
    assertThat(Auc.of(new float[] {1, 2, 3, 2, 3}, new boolean[] {false, false, false, true, true}))
        .isEqualTo((1.5 + 2.5) / 6);
  }

  @Test
  void aFlatMapIsWorthAHalf() {
    assertThat(Auc.of(new float[6], new boolean[] {true, false, true, false, false, false}))
        .isEqualTo(0.5);
  }

  @Test
  void negativeScoresAndBothZerosKeepTheirOrder() {
    float[] scores = {-2, -1, -0f, 0f, 1};
    assertThat(Auc.of(scores, new boolean[] {false, true, false, true, false}))
        .isEqualTo((1 + 0 + 0 + 1 + 0.5 + 0) / 6);
  }

  @Test
  void anItemThatIsDrawnTwiceCountsTwice() {
    Auc auc = new Auc(new float[] {1, 2, 3, 4}, new boolean[] {false, true, false, true});
    assertThat(auc.value(i -> 1)).isEqualTo(3 / 4.0);
    int[] draws = {1, 3, 2, 0}; // positives: 2, 2, 2; negatives: 1, 3, 3
    assertThat(auc.value(i -> draws[i])).isEqualTo(3 / 9.0);
  }

  @Test
  void withoutAPositiveOrANegativeThereIsNoArea() {
    assertThat(Auc.of(new float[] {1, 2}, new boolean[2])).isNaN();
    assertThat(Auc.of(new float[] {1, 2}, new boolean[] {true, true})).isNaN();
    assertThatThrownBy(() -> new Auc(new float[2], new boolean[3]))
        .hasMessage("2 scores and 3 labels");
  }

  @Property
  void itIsWhatCountingAllPairsGives(
      @ForAll @Size(min = 2, max = 40) int[] order, @ForAll @IntRange(min = 1, max = 39) int cut) {
    float[] scores = new float[order.length];
    boolean[] positive = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      scores[i] = order[i] % 7 / 3f;
      positive[i] = i < Math.min(cut, order.length - 1);
    }
    double won = 0;
    int pairs = 0;
    for (int i = 0; i < order.length; i++) {
      for (int j = 0; j < order.length; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertThat(Auc.of(scores, positive)).isCloseTo(won / pairs, within(1e-12));
  }
}
