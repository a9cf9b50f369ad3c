package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.dicom.Uids;
import org.m2ib.engine.Precision;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SentenceResult;

class CaptureTextTest {
  @Test
  void aShortTextStaysAndItsLineBreaksBecomeSpaces() {
    assertThat(CaptureText.cut("Kein Erguß.\r\n Herz\tgroß.", 100))
        .isEqualTo("Kein Erguß. Herz groß.");
    assertThat(CaptureText.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void aLongTextEndsInDots() {
    assertThat(CaptureText.cut("abcd", 3)).isEqualTo("ab…");
  }

  @Test
  void aCharacterIsNeverHalved() {
    String surrogates = "\uD83E\uDEC1".repeat(5); // a pair for each character
    assertThat(CaptureText.cut(surrogates, 4)).isEqualTo("\uD83E\uDEC1".repeat(3) + "…");
    // u and a combining diaeresis are one letter: it goes whole
    assertThat(CaptureText.cut("abcu\u0308xyz", 5)).isEqualTo("abc…");
    assertThat(CaptureText.cut("abcu\u0308xyz", 6)).isEqualTo("abcu\u0308…");
  }

  @Property
  void aCutTextIsValidAndNoLonger(
      @ForAll String text, @ForAll @IntRange(min = 2, max = 30) int most) {
    String valid = text.replaceAll("[\\ud800-\\udfff]", "\uD83E\uDEC1");
    String cut = CaptureText.cut(valid, most);
    assertThat(cut.codePointCount(0, cut.length())).isLessThanOrEqualTo(most);
    assertThat(cut.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  @Test
  void theWarningsOutliveALongSentence() {
    SentenceResult result =
        MadeResults.result(
            "Erguß ".repeat(400),
            MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 1, 1, MadeResults.whole(100, 100)),
            "Its maps mean nothing.");
    String text = CaptureText.derivation(List.of(result));
    assertThat(text.length()).isBetween(1000, 1024);
    assertThat(text)
        .contains("Not for diagnostic use. Its maps mean nothing. Sentence: Erguß")
        .contains("tiny-clip", "layer 9", "beta 0.1", "learning rate 1.0, seed m2ib")
        .endsWith("…");
  }

  @Test
  void aForcedMapIsSaidToBeOneAndNoOther() {
    assertThat(CaptureText.derivation(List.of(FhirSamples.effusion())))
        .contains("Not for diagnostic use. ")
        .contains("nothing. Map forced, no explanation of the sentence. Sentence: Small pleural");
    SentenceResult unknown =
        MadeResults.result(
            "Effusion.",
            MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 1, 1, MadeResults.whole(100, 100)));
    assertThat(CaptureText.derivation(List.of(unknown)))
        .endsWith("Not for diagnostic use. Sentence: Effusion.");
    List<SentenceResult> frames =
        SecondaryCapture.frames(List.of(unknown, FhirSamples.effusion(), FhirSamples.heart()));
    assertThat(CaptureText.derivation(frames))
        .contains("Map forced, no explanation of the sentence: frame 2, 3. Sentence: Effusion. |");
  }

  @Test
  void precisionAndKindOfNoiseAreNamedUnlessTheyAreTheDefaults() {
    SentenceResult result =
        MadeResults.result(
            "Effusion.",
            MadeResults.image(Uids.COMPUTED_RADIOGRAPHY, 1, 1, MadeResults.whole(100, 100)),
            "");
    M2ibSettings other = M2ibSettings.PAPER.with(Precision.BFLOAT16).with(NoiseKind.ANTITHETIC);
    SentenceResult reduced = MadeResults.with(result, MadeResults.in(result.attribution(), other));
    assertThat(CaptureText.derivation(List.of(reduced)))
        .contains("learning rate 1.0, bfloat16, antithetic noise, seed m2ib");
  }
}
