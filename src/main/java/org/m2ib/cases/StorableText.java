package org.m2ib.cases;

/**
 * Text that JSON, XML and every database hold: without control characters but tab and ends of
 * lines, halves of surrogate pairs and noncharacters (XML 1.0 2.2, FHIR R4 datatypes.html#string).
 */
public final class StorableText {
  private StorableText() {}

  /** Whether a character may stand in it. */
  public static boolean is(int codePoint) {
    return codePoint == '\t'
        || codePoint == '\n'
        || codePoint == '\r'
        || !(Character.isISOControl(codePoint)
            || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
            || codePoint >= 0xFDD0 && codePoint <= 0xFDEF
            || codePoint == 0xFFFE
            || codePoint == 0xFFFF);
  }

  /** The text without those that may not. */
  public static String of(String text) {
    return is(text)
        ? text
        : text.codePoints()
            .filter(StorableText::is)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  /** How many characters {@link #of} takes out. */
  public static int removed(String text) {
    return (int) text.codePoints().filter(c -> !is(c)).count();
  }

  /** Whether {@link #of} changes nothing. */
  public static boolean is(String text) {
    return text.codePoints().allMatch(StorableText::is);
  }
}
