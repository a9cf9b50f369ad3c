package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.attribution.methods.M2ibTest;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;
import org.m2ib.metrics.RankCorrelation;

class PrecisionChoiceTest {
  private static final M2ibSettings SETTINGS = new M2ibSettings(0, 1, 10, 10, 1, "m2ib");
  private static ClipModel model;

  @BeforeAll
  static void load() {
    model = ClipModel.builtIn();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aNamedPrecisionIsUsedUnmeasured() {
    assertThat(PrecisionChoice.of("float32", model, SETTINGS))
        .isEqualTo(new PrecisionChoice("float32", Precision.FLOAT32, null))
        .hasToString("float32");
    assertThat(PrecisionChoice.of("bfloat16", model, SETTINGS).used())
        .isEqualTo(Precision.BFLOAT16);
  }

  @Test
  void autoMeasuresAndSaysWhatItFound() {
    PrecisionChoice choice = PrecisionChoice.of("auto", model, SETTINGS);
    assertThat(choice.gain()).isPositive();
    assertThat(choice).isEqualTo(PrecisionChoice.measured(choice.gain()));
  }

  @Test
  void autoNeedsAClearGain() {
    assertThat(PrecisionChoice.measured(1.19).used()).isEqualTo(Precision.FLOAT32);
    assertThat(PrecisionChoice.measured(1.2).used()).isEqualTo(Precision.BFLOAT16);
    assertThat(PrecisionChoice.measured(0.5))
        .hasToString(
            "float32 (auto: bfloat16 is 0.50 times as fast as float32 here; 1.2 is worthwhile)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BFLOAT16", "float16", "Auto"})
  void anotherNameIsRefused(String name) {
    assertThatThrownBy(() -> PrecisionChoice.of(name, model, SETTINGS))
        .hasMessage("m2ib.engine.precision = " + name + ": must be float32, bfloat16 or auto");
  }

  @Test
  void onlyTheLoopIsReducedSoThatTheSimilarityIsTheSameToTheLastDigit() {
    String sentence = "There is a small left pleural effusion.";
    try (Attributor float32 = Methods.m2ib(model, SETTINGS);
        Attributor bfloat16 = Methods.m2ib(model, SETTINGS.with(Precision.BFLOAT16))) {
      Attribution exact = float32.attribute(M2ibTest.input("a", 224), sentence);
      Attribution reduced = bfloat16.attribute(M2ibTest.input("a", 224), sentence);
      assertThat(reduced.similarity()).isEqualTo(exact.similarity());
      assertThat(Arrays.deepEquals(reduced.map(), exact.map())).isFalse();
      assertThat(RankCorrelation.spearman(reduced.map(), exact.map())).isGreaterThan(0.98);
      assertThat(reduced.settings().precision()).isEqualTo(Precision.BFLOAT16);
    }
  }
}
