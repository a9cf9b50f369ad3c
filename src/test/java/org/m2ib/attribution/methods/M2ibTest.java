package org.m2ib.attribution.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.Upsampling;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.CounterRng;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;
import org.m2ib.metrics.Similarities;

public class M2ibTest {
  private static final String SENTENCE = "Small left pleural effusion.";
  private static ClipModel model;
  private static Attributor m2ib;

  @BeforeAll
  static void load() {
    model = ClipModel.builtIn();
    m2ib = Methods.m2ib(model, M2ibSettings.PAPER);
  }

  @AfterAll
  static void close() {
    m2ib.close();
    model.close();
  }

  @Test
  void aSentenceHasAMapAndAScoreForEachOfItsWords() {
    ModelInput input = input("a", 224);
    Attribution a = m2ib.attribute(input, SENTENCE);
    assertThat(a.rows()).isEqualTo(14);
    assertThat(a.columns()).isEqualTo(14);
    assertThat(a.tokens())
        .extracting(TokenScore::text)
        .containsExactly("Small", "left", "pleural", "effusion", ".");
    assertThat(a.tokens())
        .allSatisfy(t -> assertThat(SENTENCE.substring(t.start(), t.end())).isEqualTo(t.text()));
    Similarities similarities = new Similarities(model);
    assertThat(a.similarity())
        .isCloseTo(similarities.cosine(similarities.embed(input), SENTENCE), within(1e-5));
    assertThat(a.imageLoss()).hasSize(10);
    assertThat(a.textLoss()).hasSize(10);
    assertThat(a.imageLoss().get(9)).isLessThan(a.imageLoss().get(0));
    assertThat(a.textLoss().get(9)).isLessThan(a.textLoss().get(0));
    assertThat(a.truncated()).isFalse();
    assertThat(a.cut()).isNull();
    assertThat(a.cutWords(SENTENCE)).isEmpty();
  }

  @Test
  void theFiguresAreThoseOfTheImageTimesItsMapAndTimesTheRest() {
    ModelInput input = input("a", 224);
    Attribution a = m2ib.attribute(input, SENTENCE);
    float[] map = Upsampling.toInput(a.map(), 224, 224);
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
  void anInterruptedThreadStopsBeforeTheNextStepAndLeavesTheMethodUsable() {
    ModelInput input = input("a", 224);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> m2ib.attribute(input, SENTENCE))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(m2ib.attribute(input, SENTENCE).imageLoss()).isNotEmpty();
  }

  @Test
  void aResultDoesNotDependOnWhatRanBefore() {
    ModelInput input = input("a", 224);
    m2ib.attribute(input, "The heart is enlarged, and so on.");
    Attribution later = m2ib.attribute(input, SENTENCE);
    try (Attributor fresh = Methods.m2ib(model, M2ibSettings.PAPER)) {
      assertSame(later, fresh.attribute(input, SENTENCE));
    }
  }

  @Test
  void sentencesThatRunTogetherGiveWhatEachGivesAlone() {
    ModelInput input = input("a", 224);
    List<String> sentences =
        List.of("No pneumothorax.", "The heart is enlarged, and so on.", SENTENCE, "effusion");
    List<Attribution> batch = m2ib.attribute(input, sentences);
    assertThat(m2ib.batchSize()).isGreaterThan(3);
    for (int i = 0; i < sentences.size(); i++) {
      assertSame(batch.get(i), m2ib.attribute(input, sentences.get(i)));
    }
  }

  @Test
  void imagesThatRunTogetherGiveWhatEachGivesAlone() {
    List<String> sentences = List.of("No pneumothorax.", SENTENCE, SENTENCE);
    for (String method : List.of(MethodCard.M2IB, "chefer")) {
      try (Attributor attributor =
              new Attributor(model, Methods.named(method), M2ibSettings.PAPER, Attributor.MEMORY);
          PreparedImage a = attributor.prepare(input("a", 224));
          PreparedImage b = attributor.prepare(input("b", 224))) {
        List<Attribution> batch = PreparedImage.attribute(List.of(a, b, a), sentences);
        assertSame(batch.get(0), a.attribute(sentences.get(0)));
        assertSame(batch.get(1), b.attribute(SENTENCE));
        assertSame(batch.get(2), a.attribute(SENTENCE));
        assertThat(batch.get(1).map()[0]).isNotEqualTo(batch.get(2).map()[0]);
      }
    }
  }

  @Test
  void aSmallMemoryRunsThemOneAfterTheOther() {
    ModelInput input = input("a", 224);
    List<String> sentences = List.of("No pneumothorax.", SENTENCE);
    try (Attributor small =
        new Attributor(model, Methods.named(MethodCard.M2IB), M2ibSettings.PAPER, 1)) {
      assertThat(small.batchSize()).isEqualTo(1);
      List<Attribution> apart = small.attribute(input, sentences);
      List<Attribution> batch = m2ib.attribute(input, sentences);
      assertSame(apart.get(0), batch.get(0));
      assertSame(apart.get(1), batch.get(1));
    }
  }

  @Test
  void aSentenceStopsWhenItsLossHasSettled() {
    ModelInput input = input("a", 224);
    List<String> sentences = List.of("No pneumothorax.", SENTENCE, "effusion");
    List<Attribution> whole = m2ib.attribute(input, sentences);
    double tolerance = 1e-9;
    for (Attribution a : whole) {
      tolerance += Math.abs(a.imageLoss().get(5) - a.imageLoss().get(4));
    }
    M2ibSettings soon = M2ibSettings.PAPER.withSteps(10, 10, tolerance);
    try (Attributor early = Methods.m2ib(model, soon)) {
      List<Attribution> batch = early.attribute(input, sentences);
      for (int i = 0; i < sentences.size(); i++) {
        List<Double> loss = batch.get(i).imageLoss();
        int n = loss.size();
        assertThat(n).isBetween(2, 6);
        assertThat(Math.abs(loss.get(n - 1) - loss.get(n - 2))).isLessThan(tolerance);
        for (int step = 0; step < n; step++) {
          assertThat(loss.get(step)).isCloseTo(whole.get(i).imageLoss().get(step), within(1e-4));
        }
        assertSame(batch.get(i), early.attribute(input, sentences.get(i)));
      }
    }
  }

  /** Within 1e-4 of the scaled map: the engine adds in another order. */
  private static void assertSame(Attribution a, Attribution b) {
    for (int y = 0; y < b.rows(); y++) {
      assertThat(a.scaled()[y]).containsExactly(b.scaled()[y], within(1e-4));
    }
    assertThat(a.tokens()).hasSameSizeAs(b.tokens());
    for (int i = 0; i < b.tokens().size(); i++) {
      assertThat(a.tokens().get(i).scaled()).isCloseTo(b.tokens().get(i).scaled(), within(1e-4));
    }
    assertThat(a.similarity()).isCloseTo(b.similarity(), within(1e-6));
    assertThat(a.imageLoss()).hasSameSizeAs(b.imageLoss());
    assertThat(a.textLoss()).hasSameSizeAs(b.textLoss());
    assertThat(a.confidenceDrop()).isCloseTo(b.confidenceDrop(), within(1e-3));
    assertThat(a.textConfidenceDrop()).isCloseTo(b.textConfidenceDrop(), within(1e-3));
  }

  @Test
  void aSentenceLongerThanTheContextIsCutAndSaysSo() {
    String sentence = "effusion ".repeat(100).strip();
    Attribution a = m2ib.attribute(input("a", 224), sentence);
    assertThat(a.truncated()).isTrue();
    assertThat(a.cut()).isEqualTo(22 * "effusion ".length() - 1);
    assertThat(a.cutWords(sentence)).isEqualTo("effusion ".repeat(78).strip());
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

  public static ModelInput input(String name, int size) {
    CounterRng uniform = new CounterRng(name);
    float[] pixels = new float[3 * size * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (3 * uniform.at(i) - 1.5);
    }
    return new ModelInput(pixels, new Geometry(size, size, size, size, 0, 0, size, size));
  }
}
