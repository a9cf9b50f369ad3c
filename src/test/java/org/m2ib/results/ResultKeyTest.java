package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.methods.Methods;

class ResultKeyTest {

  private static ResultKey key(String method) {
    return key(method, "cd".repeat(32));
  }

  private static ResultKey key(String method, String pixelHash) {
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
        M2ibSettings.PAPER);
  }

  @Test
  void otherPixelsUnderTheSameIdentifierAreAnotherResultInTheSameSeries() {
    ResultKey key = key("m2ib");
    ResultKey other = key("m2ib", "ef".repeat(32));
    assertThat(other.id()).isNotEqualTo(key.id());
    assertThat(other.captureSopInstanceUid()).isNotEqualTo(key.captureSopInstanceUid());
    assertThat(other.captureSeriesInstanceUid()).isEqualTo(key.captureSeriesInstanceUid());
  }

  @Test
  void theSameKeyHasTheSameIdentifiersForEver() {
    ResultKey key = key("m2ib");
    assertThat(key.id()).hasToString("25bd90cc-f624-536c-a4bf-56110627f8ea");
    assertThat(key.captureSopInstanceUid())
        .isEqualTo("2.25.59585960898922381344042256864653606089");
    assertThat(key.captureSeriesInstanceUid())
        .isEqualTo("2.25.194416905549747609878688862770950459520");
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
