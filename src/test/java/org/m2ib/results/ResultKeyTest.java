package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.engine.Precision;

class ResultKeyTest {

  private static ResultKey key(String method) {
    return key(method, "cd".repeat(32));
  }

  private static ResultKey key(String method, String pixelHash) {
    return key(method, pixelHash, M2ibSettings.PAPER);
  }

  private static ResultKey key(String method, M2ibSettings settings) {
    return key(method, "cd".repeat(32), settings);
  }

  private static ResultKey key(String method, String pixelHash, M2ibSettings settings) {
    return new ResultKey(
        "1.2.3",
        "R1",
        "1.2.3.4",
        pixelHash,
        1,
        "No effusion.",
        1,
        "ab".repeat(32),
        method,
        settings);
  }

  @Test
  void otherPixelsUnderTheSameIdentifierAreAnotherResultInTheSameSeries() {
    ResultKey key = key("m2ib");
    ResultKey other = key("m2ib", "ef".repeat(32));
    assertThat(other.id()).isNotEqualTo(key.id());
    assertThat(other.captureSopInstanceUid()).isNotEqualTo(key.captureSopInstanceUid());
    assertThat(other.captureSeriesInstanceUid()).isEqualTo(key.captureSeriesInstanceUid());
  }

  /** The identifiers by src/test/python/result_key.py. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
            m2ib, 32f18364-e255-57ee-8352-393700d064a6, 2.25.327640391120617950304085510927730619100, 2.25.81416401853307453670445855181589032044
            nib, ec7b2384-c1c8-5bd2-826f-0649bd0d1d28, 2.25.326354361172983308783946484311050799054, 2.25.93767871767091282550218852419181192784
            rollout, 322d3a97-9fef-500a-be5f-c321642b313e, 2.25.223947236537377039447138658846926074203, 2.25.96362045256566584623860524975819281517
            rise, 776a8b11-724a-5685-a35c-7c4ffd9565b2, 2.25.57945844371188745061817122110120490804, 2.25.204095981831698943405705779071436392428
            """)
  void theSameKeyHasTheSameIdentifiersForEver(
      String method, UUID id, String capture, String series) {
    ResultKey key = key(method);
    assertThat(key.id()).isEqualTo(id);
    assertThat(key.captureSopInstanceUid()).isEqualTo(capture);
    assertThat(key.captureSeriesInstanceUid()).isEqualTo(series);
  }

  @Test
  void aSettingThatAMethodDoesNotReadMakesNoOtherResult() {
    M2ibSettings other = M2ibSettings.PAPER.with(9, 0.5, 10);
    assertThat(key("grad-eclip", other).id()).isEqualTo(key("grad-eclip").id());
    assertThat(key("m2ib", other).id()).isNotEqualTo(key("m2ib").id());
    M2ibSettings longer = M2ibSettings.PAPER.with(9, 0.1, 20);
    assertThat(key("nib", longer).id()).isNotEqualTo(key("nib").id());
  }

  /** The identifiers by src/test/python/result_key.py. */
  @ParameterizedTest
  @CsvSource({
    "BFLOAT16, INDEPENDENT, ef964398-7e7a-5490-af4c-ec20c57dfa1d",
    "FLOAT32, ANTITHETIC, da5a3748-0a50-5639-823a-e48ed6b00ed4",
    "BFLOAT16, COMMON, 7e946eb4-f5c5-5f21-9e98-acbfd7ede8a4"
  })
  void precisionAndKindOfNoiseMakeAnotherResultOfM2ibOnly(
      Precision precision, NoiseKind noise, UUID id) {
    M2ibSettings other = M2ibSettings.PAPER.with(precision).with(noise);
    assertThat(key("m2ib", other).id()).isEqualTo(id).isNotEqualTo(key("m2ib").id());
    assertThat(key("m2ib", other).captureSeriesInstanceUid())
        .isNotEqualTo(key("m2ib").captureSeriesInstanceUid());
    assertThat(key("nib", other).id()).isEqualTo(key("nib").id());
    assertThat(key("rise", other).id()).isEqualTo(key("rise").id());
  }

  @Test
  void aSeedThatReadsLikeASettingIsAnotherResult() {
    M2ibSettings seed = M2ibSettings.PAPER.withSeed("m2ib;precision=bfloat16");
    assertThat(key("m2ib", seed).id())
        .isNotEqualTo(key("m2ib", M2ibSettings.PAPER.with(Precision.BFLOAT16)).id());
  }

  @Test
  void eachMethodsResultsAndSeriesAreOthers() {
    Set<String> names = new HashSet<>();
    for (String method : Methods.NAMES) {
      ResultKey key = key(method);
      names.add(key.id().toString());
      names.add(key.captureSopInstanceUid());
      names.add(key.captureSeriesInstanceUid());
    }
    assertThat(names).hasSize(3 * Methods.NAMES.size());
  }
}
