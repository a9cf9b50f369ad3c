package org.m2ib.dicom;

/** Checks and cleans application entity titles (PS3.5 6.2, VR AE). */
final class AeTitle {
  private AeTitle() {}

  /**
   * @return the title without padding
   * @throws IllegalArgumentException if it is not a valid AE title
   */
  static String check(String title) {
    String stripped = title == null ? "" : title.strip();
    if (!stripped.matches("[\\x20-\\x7e&&[^\\\\]]{1,16}")) {
      throw new IllegalArgumentException(
          "AE title '" + title + "': must be 1 to 16 ASCII characters without backslash");
    }
    return stripped;
  }

  /**
   * Replaces every character that an AE title must not contain with a question mark. Null stays
   * null.
   */
  static String clean(String title) {
    return title == null ? null : title.strip().replaceAll("[^\\x20-\\x7e]|\\\\", "?");
  }
}
