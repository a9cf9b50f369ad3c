package org.m2ib.report;

/**
 * A report's text with every blank as a space, every line ending as a single line feed, and the
 * full-width colons, digits and brackets of East Asian text as ASCII, one unit for each unit, so
 * that offsets are those of the original. The rest of this room works only on this form.
 */
final class PlainText {
  private static final String SIGNS = "：．（）＜＞＃＊－";

  private PlainText() {}

  static String of(String text) {
    char[] plain = text.toCharArray();
    for (int i = 0; i < plain.length; i++) {
      char c = plain[i];
      if (c == '\r') {
        plain[i] = i + 1 < plain.length && plain[i + 1] == '\n' ? ' ' : '\n';
      } else if (c == '\u000B' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        plain[i] = '\n';
      } else if (c >= '０' && c <= '９' || SIGNS.indexOf(c) >= 0) {
        plain[i] = (char) (c - 0xFEE0); // full-width form of an ASCII character
      } else if ("【［〔〈《『".indexOf(c) >= 0) {
        plain[i] = '[';
      } else if ("】］〕〉》』".indexOf(c) >= 0) {
        plain[i] = ']';
      } else if (c != '\n' && (Character.isWhitespace(c) || Character.isSpaceChar(c))) {
        plain[i] = ' ';
      }
    }
    return new String(plain);
  }

  /** Whether the character is one of a script that is written without blanks and capitals. */
  static boolean isEastAsian(int c) {
    return Character.isIdeographic(c)
        || c >= 0x3041 && c <= 0x30FA
        || c == 'ー'
        || c >= 0xFF66 && c <= 0xFF9F;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\n';
  }
}
