package org.m2ib.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnReportsTest {
  private final OwnReports reports =
      new OwnReports(Map.of("ada", List.of("1234", "LOVELACE^ADA"), "bob", List.of("77")));

  @Test
  void aReportIsOnesOwnIfAnyOfItsAuthorsIsOne() {
    assertThat(reports.isOwn(List.of("1234"), "ada")).isTrue();
    assertThat(reports.isOwn(List.of("77", "Lovelace ^ Ada^^^"), "ada")).isTrue();
    assertThat(reports.isOwn(List.of("77", "1234"), "bob")).isTrue();
    assertThat(reports.isOwn(List.of("77"), "ada")).isFalse();
  }

  @Test
  void whoWroteItIsUnknownIfTheReportOrTheSiteDoesNotSay() {
    assertThat(reports.isOwn(List.of(), "ada")).isNull();
    assertThat(reports.isOwn(List.of("12345", "LOVELACE^ADAM", "^", " "), "ada")).isNull();
    assertThat(new OwnReports(Map.of()).isOwn(List.of("1234"), "ada")).isNull();
    assertThat(new OwnReports(Map.of("ada", List.of(" "))).isOwn(List.of(""), "ada")).isNull();
  }
}
