package org.m2ib.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Parses the Retry-After header (RFC 9110 10.2.3). */
final class RetryAfter {
  /** The current format and the two obsolete ones that must be accepted (RFC 9110 5.6.7). */
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  private RetryAfter() {}

  /**
   * @param field seconds or an HTTP-date
   * @return zero if the field is malformed or in the past
   */
  static Duration parse(String field, Instant now) {
    String text = field.strip();
    if (text.matches("[0-9]+")) {
      // longer than anyone waits, and within the range of Duration
      return Duration.ofSeconds(text.length() > 9 ? 999_999_999 : Long.parseLong(text));
    }
    for (DateTimeFormatter form : DATES) {
      try {
        Instant then = form.parse(text, Instant::from);
        return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
      } catch (DateTimeException e) {
        // try the next format
      }
    }
    return Duration.ZERO;
  }
}
