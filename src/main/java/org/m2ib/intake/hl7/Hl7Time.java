package org.m2ib.intake.hl7;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.cases.ReportTimes;

/** Converts HL7 times to the form of {@link ReportTimes}. */
public final class Hl7Time {
  private static final Pattern TIME = Pattern.compile("(\\d{4,14})(?:\\.(\\d{1,4}))?([+-]\\d{4})?");
  private static final String LEAST = "00000101000000";

  private Hl7Time() {}

  /**
   * @param time HL7 v2 DTM or TS, {@code YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]}, in the
   *     local time zone if it has no offset; may be null
   * @return null if it is malformed, so that it has no effect on the report
   */
  public static String digits(String time) {
    Matcher m = TIME.matcher(time == null ? "" : time);
    if (!m.matches() || m.group(1).length() % 2 != 0) {
      return null;
    }
    String given = m.group(1);
    if (given.length() < 10) {
      return given; // a date without time has no offset
    }
    String fraction = m.group(2) == null ? "" : m.group(2);
    String full = given + LEAST.substring(given.length()) + (fraction + "0000").substring(0, 4);
    try {
      LocalDateTime local = LocalDateTime.parse(full, ReportTimes.DIGITS);
      Instant at =
          m.group(3) == null
              ? local.atZone(ZoneId.systemDefault()).toInstant()
              : local.toInstant(ZoneOffset.of(m.group(3)));
      return ReportTimes.digits(at).substring(0, given.length() + fraction.length());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
