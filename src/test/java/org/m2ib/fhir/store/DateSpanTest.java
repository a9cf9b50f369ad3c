package org.m2ib.fhir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateSpanTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "2026,                          2025-12-31T23:00:00Z,     2026-12-31T22:59:59.999Z",
    "2026-02,                       2026-01-31T23:00:00Z,     2026-02-28T22:59:59.999Z",
    "2026-03-29,                    2026-03-28T23:00:00Z,     2026-03-29T21:59:59.999Z",
    "2026-03-05T10:00,              2026-03-05T09:00:00Z,     2026-03-05T09:00:59.999Z",
    "2026-03-05T10:00:07,           2026-03-05T09:00:07Z,     2026-03-05T09:00:07.999Z",
    "2026-03-05T10:00:07Z,          2026-03-05T10:00:07Z,     2026-03-05T10:00:07.999Z",
    "2026-03-05T10:00:07.25+02:00,  2026-03-05T08:00:07.250Z, 2026-03-05T08:00:07.250Z"
  })
  void aDateCoversTheTimeOfItsPrecision(String date, Instant first, Instant last) {
    assertThat(DateSpan.parse(date, BERLIN)).isEqualTo(new DateSpan(first, last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "26",
        "2026-13",
        "2026-02-30",
        "20260305",
        "2026-03-05T",
        "2026-03-05T10",
        "2026-03-05T10:00:60Z",
        "2026-03-05T10:00:00 01:00",
        "2026-03-05 10:00",
        "SECRET"
      })
  void whatIsNoDateIsRefusedWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> DateSpan.parse(text, BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a date or date and time (ISO 8601)");
  }

  @Test
  void aPeriodWithoutAnEndGoesOn() {
    DateSpan open = DateSpan.between(DateSpan.parse("2026", BERLIN), null);
    assertThat(open.first()).isEqualTo("2025-12-31T23:00:00Z");
    assertThat(open.last()).isAfter(Instant.parse("9000-01-01T00:00:00Z"));
  }
}
