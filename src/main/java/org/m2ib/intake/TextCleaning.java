package org.m2ib.intake;

import org.m2ib.cases.StorableText;

/**
 * Text as every intake keeps it. Control characters are taken out, since FHIR's string (R4
 * datatypes.html#string), XML and PostgreSQL's text have none; so that a text can be drawn, stored
 * and given out wherever it goes later.
 *
 * <p>CR, CR LF, vertical tab, form feed, U+0085, U+2028 and U+2029 become line feeds: nothing
 * behind the intake has to know more than one end of a line. Tabs stay. The information separators
 * U+001C to U+001F become spaces; other control characters, halves of surrogate pairs and
 * noncharacters go. {@code clean(clean(t).text())} takes nothing out.
 *
 * @param text without them
 * @param removed how many characters were taken out or replaced, ends of lines not counted
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

  /** Whether a character may stand in a text that is kept. */
  static boolean isText(int codePoint) {
    return StorableText.is(codePoint) && (codePoint & 0xFFFE) != 0xFFFE;
  }

  /** For the answer and the log; {@code ""} when nothing was taken out. */
  public String note() {
    return removed == 0
        ? ""
        : removed
            + (removed == 1 ? " control character was" : " control characters were")
            + " taken out of the text";
  }
}
