package org.m2ib.fhir.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The interval covered by a FHIR date or dateTime, according to its precision (FHIR R4
 * search.html#date).
 *
 * @param first first millisecond
 * @param last last millisecond
 */
public record DateSpan(Instant first, Instant last) {
  static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final Pattern TIME =
      Pattern.compile("(.{10}T\\d\\d:\\d\\d)(:\\d\\d)?(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)?");

  public DateSpan {
    first = first.truncatedTo(ChronoUnit.MILLIS);
    last = last.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * @param date {@code 2026}, {@code 2026-03}, {@code 2026-03-05}, or with a time to the minute,
   *     second or fraction of a second, with or without a zone
   * @param zone zone of a date without one
   * @throws IllegalArgumentException if the date has another form
   */
  public static DateSpan parse(String date, ZoneId zone) {
    try {
      return switch (date.length()) {
        case 4 -> days(Year.parse(date).atDay(1), Year.parse(date).plusYears(1).atDay(1), zone);
        case 7 ->
            days(
                YearMonth.parse(date).atDay(1), YearMonth.parse(date).plusMonths(1).atDay(1), zone);
        case 10 -> days(LocalDate.parse(date), LocalDate.parse(date).plusDays(1), zone);
        default -> time(date, zone);
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a date or date and time (ISO 8601)");
    }
  }

  /** Returns the span from the start of one to the end of the other. Null is an open end. */
  static DateSpan between(DateSpan start, DateSpan end) {
    return new DateSpan(start == null ? BEGINNING : start.first, end == null ? END : end.last);
  }

  private static DateSpan days(LocalDate first, LocalDate next, ZoneId zone) {
    return new DateSpan(
        first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant().minusMillis(1));
  }

  private static DateSpan time(String text, ZoneId zone) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new DateTimeParseException("not a time", text, 0);
    }
    Instant first =
        time.group(4) == null
            ? LocalDateTime.parse(text).atZone(zone).toInstant()
            : OffsetDateTime.parse(text).toInstant();
    if (time.group(3) != null) {
      return new DateSpan(first, first);
    }
    ChronoUnit precision = time.group(2) == null ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    return new DateSpan(first, first.plus(1, precision).minusMillis(1));
  }
}
