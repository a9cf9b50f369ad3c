package org.m2ib.cases;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * When a version of a report was issued and sent, by its sender's clock, each as digits of year,
 * month, day, hour, minute, second and fraction in that order, in UTC and as far as the sender gave
 * them ({@code 20260102}, {@code 20260102030405}); null where it did not.
 *
 * @param issued when this version's text and status were made: HL7 OBR-22, FHIR
 *     DiagnosticReport.issued
 * @param sent when the message was made: HL7 MSH-7, FHIR meta.lastUpdated
 */
public record ReportTimes(String issued, String sent) {
  public static final ReportTimes NONE = new ReportTimes(null, null);

  /** All the digits there are, to a ten-thousandth of a second. */
  public static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSSS");

  /** A time as all its digits; null of null. */
  public static String digits(Instant at) {
    return at == null ? null : DIGITS.format(at.atOffset(ZoneOffset.UTC));
  }

  /**
   * Whether either time says that this is the older version; a time that is missing says nothing.
   */
  public boolean isBefore(ReportTimes other) {
    return isBefore(issued, other.issued) || isBefore(sent, other.sent);
  }

  /** As far as both are given: the day of an hour is not before that hour. */
  private static boolean isBefore(String a, String b) {
    if (a == null || b == null) {
      return false;
    }
    int common = Math.min(a.length(), b.length());
    return a.substring(0, common).compareTo(b.substring(0, common)) < 0;
  }
}
