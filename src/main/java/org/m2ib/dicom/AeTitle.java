package org.m2ib.dicom;

/** Application entity titles (PS3.5 6.2, VR AE). */
final class AeTitle {
  private AeTitle() {}

  /**
   * @return the title without padding
   * @throws IllegalArgumentException if it is invalid
   */
  static String check(String title) {
    String stripped = title == null ? "" : title.strip();
    if (!stripped.matches("[\\x20-\\x7e&&[^\\\\]]{1,16}")) {
      throw new IllegalArgumentException(
          "AE title '" + title + "': must be 1 to 16 ASCII characters without backslash");
    }
    return stripped;
  }

  /** A peer's title, with a question mark for each invalid character. */
  static String clean(String title) {
    return title == null ? null : title.strip().replaceAll("[^\\x20-\\x7e]|\\\\", "?");
  }
}
