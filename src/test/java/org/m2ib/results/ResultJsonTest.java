package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attribution;

class ResultJsonTest {
  private static final SentenceResult RESULT = SampleResults.of(3, "Größe normal, \"clear\"\n.");

  @Test
  void whatIsWrittenIsReadBackToTheLastDigit() {
    SentenceResult read = ResultJson.read(ResultJson.write(RESULT));
    assertThat(read).usingRecursiveComparison().isEqualTo(RESULT);
    assertThat(read.key().id()).isEqualTo(RESULT.key().id());
  }

  @Test
  void interactionsAreReadBackAndAResultWithoutThemIsAsItWas() {
    SentenceResult with = MadeResults.withInteractions(RESULT);
    assertThat(ResultJson.read(ResultJson.write(with))).usingRecursiveComparison().isEqualTo(with);
    assertThat(with.key()).isEqualTo(RESULT.key());
    assertThat(ResultJson.write(RESULT)).doesNotContain("interactions");
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    String later = ResultJson.write(RESULT).replaceFirst("\\{", "{\"added\":[1],");
    assertThat(ResultJson.read(later)).usingRecursiveComparison().isEqualTo(RESULT);
  }

  @Test
  void aResultThatIsOlderThanAuditsHasNone() {
    String old = ResultJson.write(RESULT).replaceFirst("\"audit\":\\{.*?}.*?},", "");
    assertThat(old).doesNotContain("audit");
    SentenceResult read = ResultJson.read(old);
    assertThat(read.audit()).isNull();
    assertThat(read.alarm()).isFalse();
  }

  @Test
  void whereASentenceWasCutIsNullInWhatIsOlderThanIt() {
    String old = ResultJson.write(RESULT).replace("\"cut\":null,", "");
    assertThat(old).doesNotContain("\"cut\"");
    assertThat(ResultJson.read(old)).usingRecursiveComparison().isEqualTo(RESULT);
  }

  @Test
  void theCardOfAnEarlierResultStatesLess() {
    String earlier =
        ResultJson.write(RESULT).replaceFirst(",\"intendedUse\":\"\".*\"approvedOn\":\"\"}", "}");
    assertThat(earlier).doesNotContain("approved").contains("Its maps mean nothing.\"}");
    assertThat(ResultJson.read(earlier)).usingRecursiveComparison().isEqualTo(RESULT);
  }

  @Test
  void aMissingFigureIsNotTakenForZero() {
    String without = ResultJson.write(RESULT).replace("\"similarity\":0.28,", "");
    assertThat(without).doesNotContain("similarity");
    assertThatThrownBy(() -> ResultJson.read(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("similarity");
  }

  @Test
  void aWrongBodyIsToldByItsPlaceAndNotQuoted() {
    String wrong = ResultJson.write(RESULT).replace("\"occurrence\":1", "\"occurrence\":\"DOE\"");
    assertThatThrownBy(() -> ResultJson.read(wrong))
        .hasMessageContaining("occurrence")
        .hasMessageNotContaining("DOE")
        .hasNoCause();
    assertThatThrownBy(() -> ResultJson.read("DOE"))
        .hasMessageContaining("not JSON")
        .hasMessageNotContaining("DOE")
        .hasNoCause();
  }

  @Test
  void whatIsStoredBesideItIsReadBack() {
    Attribution m2ib = RESULT.attribution();
    SentenceResult three =
        MadeResults.with(
            RESULT, MadeResults.by("grad-eclip", m2ib), m2ib, MadeResults.by("rollout", m2ib));
    SentenceResult read = ResultJson.read(ResultJson.write(three));
    assertThat(read).usingRecursiveComparison().isEqualTo(three);
    assertThat(read.additional())
        .extracting(Attribution::method)
        .containsExactly("m2ib", "rollout");
    assertThat(read.withCapture(read.capture()).additional()).hasSize(2);
  }

  /** As it was stored before there were other methods than M2IB. */
  @Test
  void anEarlierResultIsM2ibsWithNothingBesideIt() {
    String earlier =
        ResultJson.write(RESULT)
            .replace("\"method\":\"m2ib\",", "")
            .replace("\"additional\":[],", "");
    assertThat(earlier)
        .contains("\"attribution\":{\"bits\":[[0.25,0.5,0.25],[0.5,0.75,2.25]]")
        .doesNotContain("additional");
    assertThat(ResultJson.read(earlier)).usingRecursiveComparison().isEqualTo(RESULT);
  }
}
