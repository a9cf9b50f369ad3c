package org.m2ib.routes;

import java.util.regex.Pattern;

/**
 * A text with the wildcards of DICOM queries (PS3.4 C.2.2.2.4): {@code *} for any characters, also
 * none, {@code ?} for one. Case does not matter.
 */
final class TextPattern {
  /** Of a longer value only this much is looked at. */
  private static final int MOST_LOOKED_AT = 1024;

  private final String text;
  private final Pattern pattern;

  TextPattern(String text) {
    this.text = text;
    StringBuilder regex = new StringBuilder();
    for (String part : text.replaceAll("\\*+", "*").split("(?<=[*?])|(?=[*?])")) {
      regex.append(
          switch (part) {
            case "*" -> ".*";
            case "?" -> ".";
            default -> Pattern.quote(part);
          });
    }
    this.pattern =
        Pattern.compile(
            regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }

  boolean matches(String value) {
    String looked = value.length() > MOST_LOOKED_AT ? value.substring(0, MOST_LOOKED_AT) : value;
    return pattern.matcher(looked.strip()).matches();
  }

  /** The fewest characters that a value has which matches. */
  int shortest() {
    return text.replace("*", "").length();
  }

  @Override
  public String toString() {
    return text;
  }
}
