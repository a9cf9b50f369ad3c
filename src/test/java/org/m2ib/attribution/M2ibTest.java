package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.ClipModel;
import org.m2ib.clip.CounterStream;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;

class M2ibTest {
  private static final String SENTENCE = "Small left pleural effusion.";
  private static ClipModel model;
  private static M2ib m2ib;

  @BeforeAll
  static void load() {
    model = ClipModel.builtIn();
    m2ib = new M2ib(model, M2ibSettings.PAPER);
  }

  @AfterAll
  static void close() {
    m2ib.close();
    model.close();
  }

  @Test
  void aSentenceHasAMapAndAScoreForEachOfItsWords() {
    Attribution a = m2ib.attribute(input("a", 224), SENTENCE);
    assertThat(a.rows()).isEqualTo(14);
    assertThat(a.columns()).isEqualTo(14);
    assertThat(a.tokens())
        .extracting(TokenScore::text)
        .containsExactly("Small", "left", "pleural", "effusion", ".");
    assertThat(a.tokens())
        .allSatisfy(t -> assertThat(SENTENCE.substring(t.start(), t.end())).isEqualTo(t.text()));
    assertThat(a.similarity()).isBetween(-1.0, 1.0);
    assertThat(a.imageLoss()).hasSize(10);
    assertThat(a.textLoss()).hasSize(10);
    assertThat(a.imageLoss().get(9)).isLessThan(a.imageLoss().get(0));
    assertThat(a.textLoss().get(9)).isLessThan(a.textLoss().get(0));
    assertThat(a.truncated()).isFalse();
  }

  @Test
  void theFiguresAreThoseOfTheImageTimesItsMapAndTimesTheRest() {
    ModelInput input = input("a", 224);
    Attribution a = m2ib.attribute(input, SENTENCE);
    float[] map = Upsampling.toInput(a.bits(), 224, 224);
    float[] kept = new float[input.pixels().length];
    float[] removed = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = input.pixels()[i] * map[i % map.length];
      removed[i] = input.pixels()[i] * (1 - map[i % map.length]);
    }
    double withMap = similarity(new ModelInput(kept, input.geometry()));
    double withoutMap = similarity(new ModelInput(removed, input.geometry()));
    assertThat(a.confidenceDrop())
        .isCloseTo(100 * Math.max(0, a.similarity() - withMap), within(1e-4));
    assertThat(a.removedConfidenceDrop())
        .isCloseTo(100 * Math.max(0, a.similarity() - withoutMap), within(1e-4));
    assertThat(a.confidenceIncrease()).isEqualTo(withMap > a.similarity() ? 100 : 0);
    assertThat(a.removedConfidenceIncrease()).isEqualTo(withoutMap > a.similarity() ? 100 : 0);
  }

  private static double similarity(ModelInput input) {
    return m2ib.attribute(input, SENTENCE).similarity();
  }

  @Test
  void theLayerIsTheLastButOneOfASmallTower() {
    assertThat(m2ib.settings().layer()).isEqualTo(2);
    assertThat(m2ib.attribute(input("a", 224), SENTENCE).settings().layer()).isEqualTo(2);
  }

  @Test
  void aResultDoesNotDependOnWhatRanBefore() {
    ModelInput input = input("a", 224);
    Attribution alone;
    try (M2ib fresh = new M2ib(model, M2ibSettings.PAPER)) {
      alone = fresh.attribute(input, SENTENCE);
    }
    List<Attribution> together =
        m2ib.attribute(
            input, List.of("No pneumothorax.", "The heart is enlarged, and so on.", SENTENCE));
    assertThat(together.get(2)).usingRecursiveComparison().isEqualTo(alone);
  }

  @Test
  void aSentenceLongerThanTheContextIsCutAndSaysSo() {
    Attribution a = m2ib.attribute(input("a", 224), "effusion ".repeat(100).strip());
    assertThat(a.truncated()).isTrue();
    assertThat(a.tokens()).hasSize(22); // 24 without start and end
  }

  @Test
  void anInputOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> m2ib.attribute(input("a", 112), SENTENCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an input of 112 x 112 pixels; the model takes 224 x 224");
  }

  @Test
  void pixelsThatAreNoNumbersAreRefused() {
    ModelInput input = input("a", 224);
    input.pixels()[7] = Float.NaN;
    assertThatThrownBy(() -> m2ib.attribute(input, SENTENCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aSentenceWithoutWordsIsRefused() {
    assertThatThrownBy(() -> m2ib.attribute(input("a", 224), " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a token");
  }

  static ModelInput input(String name, int size) {
    CounterStream uniform = new CounterStream(name);
    float[] pixels = new float[3 * size * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (3 * uniform.at(i) - 1.5);
    }
    return new ModelInput(pixels, new Geometry(size, size, size, size, 0, 0, size, size));
  }
}
