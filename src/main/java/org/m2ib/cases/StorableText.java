package org.m2ib.cases;

/**
 * Text that JSON, XML and every database can hold: without control characters (except tabs and line
 * endings), unpaired surrogates and noncharacters (XML 1.0 2.2, FHIR R4 datatypes.html#string).
 */
public final class StorableText {
  private StorableText() {}

  /** Whether a character is allowed. */
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

  /** The text without characters that are not allowed. */
  public static String of(String text) {
    return is(text)
        ? text
        : text.codePoints()
            .filter(StorableText::is)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  /** Number of characters that {@link #of} removes. */
  public static int removed(String text) {
    return (int) text.codePoints().filter(c -> !is(c)).count();
  }

  /** Whether {@link #of} changes nothing. */
  public static boolean is(String text) {
    return text.codePoints().allMatch(StorableText::is);
  }
}
