package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paragraphs and list items of a section: what a sentence cannot reach beyond. A lone line feed
 * does not end one; a line without letter or digit does, and so does a line that begins an item.
 */
final class Paragraphs {
  /** Signs that are bullets wherever they stand. */
  static final String BULLETS = "•‣▪●◦■○";

  /** One mark at the start of an item: a bullet, dash, asterisk, stray stop, 1. 2) (3) or a. */
  private static final Pattern MARK =
      Pattern.compile(
          ("[%s]\\s*+"
                  + "|[-*–—·]++(?:\\s++|(?=\\p{L}))"
                  + "|[.…]++\\s++"
                  + "|\\(?(?<number>\\d{1,2})[.)](?:\\s++(?=\\S)|(?=\\p{L}))"
                  + "|\\(?[a-h][.)]\\s++(?=\\p{Lu})")
              .formatted(BULLETS));

  /** A. or II. at the start of an item, which may be an initial too. */
  private static final Pattern CAPITAL =
      Pattern.compile("\\(?(?<sign>[A-Z]|[IVX]{2,4})[.)]\\s++(?=[\\p{L}\\d]{2})");

  /** A line shorter than this was ended by its writer, not by the width of the page. */
  private static final int WRAPPED = 60;

  private Paragraphs() {}

  /** Paragraphs and items of {@code body}, with their marks. */
  static List<Span> in(String plain, Span body) {
    return in(plain, body, false);
  }

  /**
   * @param lines whether a line that begins with a capital, behind a short one, is a paragraph too
   */
  static List<Span> in(String plain, Span body, boolean lines) {
    List<Span> paragraphs = new ArrayList<>();
    Matcher mark = MARK.matcher(plain).useTransparentBounds(true);
    int start = -1;
    int number = 0;
    String capital = "";
    int shortEnd = -1;
    for (int line = body.start(), next; line < body.end(); line = next) {
      int feed = plain.indexOf('\n', line);
      next = feed < 0 || feed >= body.end() ? body.end() : feed + 1;
      Span content = new Span(line, next).strip(plain);
      boolean blank = !content.hasContent(plain);
      boolean marked = !blank && mark.region(content.start(), body.end()).lookingAt();
      if (marked && mark.group("number") != null) {
        int n = Integer.parseInt(mark.group("number"));
        // Within an unfinished line's sentence, a number that does not count on is a wrapped one.
        marked = start < 0 || !isUnfinished(plain, line) || n == 1 || n == number + 1;
        number = marked ? n : number;
      }
      int textStart = content.start();
      Matcher sign = CAPITAL.matcher(plain).region(content.start(), content.end());
      if (!blank && !marked && sign.lookingAt()) {
        boolean free = start < 0 || !isUnfinished(plain, line);
        if (countsOn(capital, sign.group("sign"), free)) {
          marked = true;
          capital = sign.group("sign");
          textStart = sign.end();
        }
      }
      boolean ownLine =
          lines
              && !blank
              && shortEnd == line
              && Character.isUpperCase(plain.codePointAt(textStart));
      shortEnd = content.end() - line < WRAPPED ? next : -1;
      if ((blank || marked || ownLine) && start >= 0) {
        paragraphs.add(new Span(start, line));
        start = -1;
      }
      if (!blank && start < 0) {
        start = textStart;
      }
    }
    if (start >= 0) {
      paragraphs.add(new Span(start, body.end()));
    }
    return paragraphs;
  }

  /**
   * Whether a list goes on, or begins, with this sign.
   *
   * @param free whether no sentence is under way
   */
  private static boolean countsOn(String before, String sign, boolean free) {
    if (sign.length() == 1 && before.length() == 1 && sign.charAt(0) == before.charAt(0) + 1) {
      return true;
    }
    boolean first = sign.equals("A") || sign.equals("I") || sign.length() > 1;
    return free && (first || before.length() > 1);
  }

  /** Where the text begins after the marks at the start of {@code item}. */
  static int afterMarks(String plain, Span item) {
    Matcher mark = MARK.matcher(plain);
    int at = item.start();
    while (mark.region(at, item.end()).lookingAt()) {
      at = mark.end();
    }
    return at;
  }

  /** Whether the line before the one at {@code line} asks for a continuation. */
  static boolean isUnfinished(String plain, int line) {
    Span before =
        new Span(plain.lastIndexOf('\n', line - 2) + 1, Math.max(line - 1, 0)).strip(plain);
    return before.hasContent(plain) && ".?!:;…。！？".indexOf(plain.charAt(before.end() - 1)) < 0;
  }
}
