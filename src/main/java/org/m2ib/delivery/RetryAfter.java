package org.m2ib.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The Retry-After field of an HTTP answer (RFC 9110 10.2.3). */
final class RetryAfter {
  private RetryAfter() {}

  /**
   * @param field seconds or an HTTP-date
   * @return zero for what is neither, or is past
   */
  static Duration parse(String field, Instant now) {
    String text = field.strip();
    if (text.matches("[0-9]+")) {
      // beyond what anyone waits, and within what a Duration holds
      return Duration.ofSeconds(text.length() > 9 ? 999_999_999 : Long.parseLong(text));
    }
    try {
      Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
