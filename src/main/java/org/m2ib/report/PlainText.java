package org.m2ib.report;

/**
 * A report's text with every blank as a space and every line ending as a single line feed, one unit
 * for each unit, so that offsets are those of the original. The rest of this room works only on
 * this form.
 */
final class PlainText {
  private PlainText() {}

  static String of(String text) {
    char[] plain = text.toCharArray();
    for (int i = 0; i < plain.length; i++) {
      char c = plain[i];
      if (c == '\r') {
        plain[i] = i + 1 < plain.length && plain[i + 1] == '\n' ? ' ' : '\n';
      } else if (c == '\u000B' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        plain[i] = '\n';
      } else if (c != '\n' && (Character.isWhitespace(c) || Character.isSpaceChar(c))) {
        plain[i] = ' ';
      }
    }
    return new String(plain);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\n';
  }
}
