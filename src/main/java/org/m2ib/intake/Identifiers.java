package org.m2ib.intake;

import java.util.regex.Pattern;

/**
 * Looks at every identifier at the door, so that one which the database or a DICOM object cannot
 * hold is refused with its field, not kept and stumbled over later.
 *
 * <p>Lengths are those of LO (PS3.5 Table 6.2-1). Accession and order numbers are SH, 16
 * characters; many senders' are longer, and are taken up to those of LO.
 */
public final class Identifiers {
  /** Characters of a number that DICOM has as SH or LO: patient, accession, order, visit. */
  public static final int NUMBER = 64;

  /** Characters of what DICOM does not have, or as UT: report's identifier, issuers. */
  public static final int NAME = 255;

  private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private Identifiers() {}

  /**
   * @param place the field, in the format's own terms
   * @param value may be null
   * @param longest in characters
   * @return the value without blanks round it; null when it is absent or blank
   * @throws UnacceptableReportException when it is too long or has a control character, half of a
   *     surrogate pair or a noncharacter
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
   * As {@link #check}, of a UID (PS3.5 9.1). Leading zeros of a component, which the standard
   * forbids and senders write, are taken.
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
