package org.m2ib.intake;

import java.util.regex.Pattern;

/**
 * Validates every identifier at intake, so that one that the database or a DICOM object cannot hold
 * is refused with its field instead of failing later.
 *
 * <p>Lengths are those of LO (PS3.5 Table 6.2-1). Accession and order numbers are SH, 16
 * characters; many senders use longer ones, which are accepted up to the length of LO.
 */
public final class Identifiers {
  /** Maximum length of numbers that are SH or LO in DICOM: patient, accession, order, visit. */
  public static final int NUMBER = 64;

  /** Maximum length of values that are UT or absent in DICOM: report identifier, issuers. */
  public static final int NAME = 255;

  private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private Identifiers() {}

  /**
   * @param place the field, in the format's own terms
   * @param value may be null
   * @param longest in characters
   * @return the value without surrounding blanks; null if absent or blank
   * @throws UnacceptableReportException if it is too long or contains a control character, an
   *     unpaired surrogate or a noncharacter
   */
  public static String check(String place, String value, int longest) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String stripped = value.strip();
    if (stripped.codePointCount(0, stripped.length()) > longest) {
      throw UnacceptableReportException.invalid(
          place, "the identifier is longer than " + longest + " characters");
    }
    if (!stripped.codePoints().allMatch(c -> c >= ' ' && TextCleaning.isText(c))) {
      throw UnacceptableReportException.invalid(
          place, "the identifier has a control character or half of a surrogate pair in it");
    }
    return stripped;
  }

  /**
   * As {@link #check}, for a UID (PS3.5 9.1). Leading zeros of a component are forbidden by the
   * standard but accepted, because senders write them.
   */
  public static String checkUid(String place, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String stripped = value.strip();
    if (stripped.length() > 64 || !UID.matcher(stripped).matches()) {
      throw UnacceptableReportException.invalid(
          place, "not a UID: digits with single dots between them, at most 64 (DICOM PS3.5 9.1)");
    }
    return stripped;
  }
}
