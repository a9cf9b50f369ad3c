package org.m2ib.intake;

import java.util.regex.Pattern;

/**
 * Validates identifiers at intake. One that the database or a DICOM object cannot hold is refused
 * immediately, with the name of its field.
 *
 * <p>Lengths follow VR LO (PS3.5 Table 6.2-1). Accession and order numbers are SH, 16 characters,
 * but many senders use longer ones, so these are accepted up to the length of LO.
 */
public final class Identifiers {
  /**
   * Maximum characters of a number that DICOM stores as SH or LO: patient, accession, order, visit.
   */
  public static final int NUMBER = 64;

  /**
   * Maximum characters of identifiers that DICOM lacks or stores as UT: report identifier, issuers.
   */
  public static final int NAME = 255;

  private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private Identifiers() {}

  /**
   * @param place the field, in the format's own terms
   * @param value may be null
   * @param longest maximum length in characters
   * @return the value without surrounding blanks; null if it is absent or blank
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
          place, "the identifier contains a control character or an unpaired surrogate");
    }
    return stripped;
  }

  /**
   * As {@link #check}, for a UID (PS3.5 9.1). Leading zeros in a component violate the standard but
   * occur, and are accepted.
   */
  public static String checkUid(String place, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String stripped = value.strip();
    if (stripped.length() > 64 || !UID.matcher(stripped).matches()) {
      throw UnacceptableReportException.invalid(
          place, "not a UID: must be at most 64 digits and single dots (DICOM PS3.5 9.1)");
    }
    return stripped;
  }
}
