package org.m2ib.report;

/**
 * One sentence of a report.
 *
 * @param index position in the report, from 0
 * @param section canonical name of its section: {@code findings}, {@code impression}, {@code
 *     conclusion}, or another heading in lower case; {@code ""} before any heading
 * @param text the sentence as written, {@code report.substring(start, end)}, including line breaks
 * @param start offset in UTF-16 units in the report's text, inclusive
 * @param end offset, exclusive
 */
public record Sentence(int index, String section, String text, int start, int end) {
  public Sentence {
    if (start < 0 || end - start != text.length()) {
      throw new IllegalArgumentException(
          "sentence offsets "
              + start
              + ".."
              + end
              + " do not span its "
              + text.length()
              + " characters");
    }
  }
}
