package org.m2ib.report;

/**
 * A range of a report's text.
 *
 * @param start offset in UTF-16 units, inclusive
 * @param end offset, exclusive
 */
record Span(int start, int end) {

  /** This range of {@code plain} without surrounding blanks. */
  Span strip(String plain) {
    int from = start;
    int to = end;
    while (from < to && PlainText.isBlank(plain.charAt(from))) {
      from++;
    }
    while (to > from && PlainText.isBlank(plain.charAt(to - 1))) {
      to--;
    }
    return new Span(from, to);
  }

  boolean isBlank(String plain) {
    return plain.substring(start, end).isBlank();
  }

  /** Whether it contains a letter or a digit. */
  boolean hasContent(String plain) {
    return plain.substring(start, end).codePoints().anyMatch(Character::isLetterOrDigit);
  }
}
