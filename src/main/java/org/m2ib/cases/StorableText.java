package org.m2ib.cases;

import java.util.regex.Pattern;

/**
 * Text that JSON, XML and every database hold: without control characters but tab and ends of
 * lines, halves of surrogate pairs and noncharacters (XML 1.0 2.2, FHIR R4 datatypes.html#string).
 */
public final class StorableText {
  private static final Pattern NEVER =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\x{FDD0}-\\x{FDEF}\\x{FFFE}\\x{FFFF}&&[^\\t\\n\\r]]");

  private StorableText() {}

  /** The text without them. */
  public static String of(String text) {
    return NEVER.matcher(text).replaceAll("");
  }

  /** How many characters {@link #of} takes out. */
  public static int removed(String text) {
    return (int) NEVER.matcher(text).results().count();
  }

  /** Whether {@link #of} changes nothing. */
  public static boolean is(String text) {
    return !NEVER.matcher(text).find();
  }
}
