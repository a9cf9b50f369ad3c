package org.m2ib.intake;

import org.m2ib.cases.StorableText;

/**
 * Cleans text on intake, so that it can later be drawn, stored and transmitted everywhere. It
 * removes control characters, which FHIR strings (R4 datatypes.html#string), XML and PostgreSQL's
 * text do not allow.
 *
 * <p>CR, CR LF, vertical tab, form feed, U+0085, U+2028 and U+2029 become line feeds, the only line
 * end after intake. Tabs stay. The information separators U+001C to U+001F become spaces. Other
 * control characters, unpaired surrogates and noncharacters are removed. Cleaning is idempotent:
 * {@code clean(clean(t).text())} removes nothing.
 *
 * @param text cleaned text
 * @param removed number of characters that were removed or replaced, not counting line ends
 */
public record TextCleaning(String text, int removed) {

  public static TextCleaning clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int removed = 0;
    for (int i = text.startsWith("\uFEFF") ? 1 : 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\r') {
        out.append('\n');
        i += text.startsWith("\n", i) ? 1 : 0;
      } else if (c == 0x0B || c == '\f' || c == 0x85 || c == 0x2028 || c == 0x2029) {
        out.append('\n');
      } else if (c >= 0x1C && c <= 0x1F) {
        out.append(' ');
        removed++;
      } else if (isText(c)) {
        out.appendCodePoint(c);
      } else {
        removed++;
      }
    }
    return new TextCleaning(out.toString(), removed);
  }

  /** Returns whether a character is allowed in cleaned text. */
  static boolean isText(int codePoint) {
    return StorableText.is(codePoint) && (codePoint & 0xFFFE) != 0xFFFE;
  }

  /** Returns a remark for the answer and the log; {@code ""} if nothing was removed. */
  public String note() {
    return removed == 0
        ? ""
        : removed
            + (removed == 1 ? " control character was" : " control characters were")
            + " removed from the text";
  }
}
