package org.m2ib.cases;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * When a version of a report was issued and sent, by its sender's clock. Each is a string of digits
 * of year, month, day, hour, minute, second and fraction, in UTC, as precise as the sender gave it
 * ({@code 20260102}, {@code 20260102030405}); null if not given.
 *
 * @param issued when this version's text and status were made: HL7 OBR-22, FHIR
 *     DiagnosticReport.issued
 * @param sent when the message was made: HL7 MSH-7, FHIR meta.lastUpdated
 */
public record ReportTimes(String issued, String sent) {
  public static final ReportTimes NONE = new ReportTimes(null, null);

  /** All digits, to a ten-thousandth of a second. */
  public static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSSS");

  /** All digits of a time; null for null. */
  public static String digits(Instant at) {
    return at == null ? null : DIGITS.format(at.atOffset(ZoneOffset.UTC));
  }

  /** Whether either time shows that this is the older version; a missing time shows nothing. */
  public boolean isBefore(ReportTimes other) {
    return isBefore(issued, other.issued) || isBefore(sent, other.sent);
  }

  /** Compares the digits that both have: a day is not before an hour of that day. */
  private static boolean isBefore(String a, String b) {
    if (a == null || b == null) {
      return false;
    }
    int common = Math.min(a.length(), b.length());
    return a.substring(0, common).compareTo(b.substring(0, common)) < 0;
  }
}
