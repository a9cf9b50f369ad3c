package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a section into paragraphs and list items, which no sentence crosses. A single line feed
 * does not end one. A line without letters and digits does, and so does a line that begins an item.
 */
final class Paragraphs {
  /** Characters that are bullets anywhere. */
  static final String BULLETS = "•‣▪●◦■○◆◇□◎※①②③④⑤⑥⑦⑧⑨⑩";

  /** Characters of scripts without blanks and capitals, for a character class. */
  static final String EAST_ASIAN = "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}";

  /**
   * One marker at the start of an item: a bullet, dash, asterisk, stray full stop, 1. 1.- 2) (3) #4
   * a. ii.
   */
  private static final Pattern MARK =
      Pattern.compile(
          ("[%s]\\s*+"
                  + "|\\[[ xX]?\\] *+(?=\\S)"
                  + "|[-*–—·]++(?:\\s++|(?=\\p{L}))"
                  + "|・\\s*+(?=[%2$s])|\\(?\\d{1,2}[.)、]\\s*+(?=[%2$s])"
                  + "|[.…]++\\s++"
                  + "|(?:\\(|# ?)?(?<number>\\d{1,2})(?:(?:[.)]|\\.[-–])(?:\\s++(?=\\S)|(?=\\p{L}))"
                  + "|(?: ?[:–-]|(?<=#\\d{1,2}|# \\d{1,2})) ++(?=\\p{L}))"
                  + "|\\(?[a-h][.)]\\s++(?=\\p{Lu})"
                  + "|\\(?(?<roman>[ivx]{1,4})[.)]\\s++(?=\\p{L}{2})")
              .formatted(BULLETS, EAST_ASIAN));

  /** A. or II. at the start of an item, which may also be an initial. */
  private static final Pattern CAPITAL =
      Pattern.compile("\\(?(?<sign>[A-Z]|[IVX]{2,4})[.)]\\s++(?=[\\p{L}\\d][\\p{L}\\d/])");

  /** A shorter line was ended by its author, not by the width of the page. */
  private static final int WRAPPED = 60;

  /** Minimum width of a page. */
  private static final int NARROWEST = 50;

  /** After one of these words a sentence continues on the next line. */
  private static final Set<String> CONNECTING =
      Set.of(
          ("of the a an and or with in to for by on at is are was were no not as from than left right"
                  + " bilateral upper lower middle mid new small large mild moderate severe dr be been has"
                  + " have had that which this these possible probable likely suspected over under"
                  + " above below between into within without per vs compared via near along through")
              .split(" "));

  private static final Pattern JAPANESE_END =
      Pattern.compile("(?:なし|無し|あり|有り|ない|ません|ます|です|した|せず|めず|れず|める|れる|いる|ある|する|清明|正常|疑い|疑う|良好)$");

  private Paragraphs() {}

  /** Paragraphs and items of {@code body}, including their markers. */
  static List<Span> in(String plain, Span body) {
    return in(plain, body, false);
  }

  /**
   * @param lines whether a line that begins with a capital after a short line is also a paragraph
   *     if the previous line could continue
   */
  static List<Span> in(String plain, Span body, boolean lines) {
    List<Span> paragraphs = new ArrayList<>();
    Matcher mark = MARK.matcher(plain).useTransparentBounds(true);
    int width = width(plain, body);
    int sign0 = -1;
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
        // Within an unfinished sentence, a number that does not count up is a wrapped one.
        marked = start < 0 || !isUnfinished(plain, line) || n == 1 || n == number + 1;
        number = marked ? n : number;
      } else if (marked && mark.group("roman") != null) {
        marked = start < 0 || !isUnfinished(plain, line);
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
          !blank
              && (Character.isUpperCase(plain.codePointAt(textStart))
                      && (lines && shortEnd == line
                          || start >= 0 && endedByItsWriter(plain, line, textStart, width))
                  || start >= 0 && endsInJapanese(plain, line, textStart));
      shortEnd = content.end() - line < WRAPPED ? next : -1;
      if ((blank || marked || ownLine) && start >= 0) {
        paragraphs.addAll(Items.in(plain, sign0, start, line));
        start = -1;
      }
      if (!blank && start < 0) {
        sign0 = content.start();
        start = textStart;
      }
    }
    if (start >= 0) {
      paragraphs.addAll(Items.in(plain, sign0, start, body.end()));
    }
    return paragraphs;
  }

  private static int width(String plain, Span body) {
    int width = NARROWEST;
    for (int line = body.start(), feed; line < body.end(); line = feed + 1) {
      feed = plain.indexOf('\n', line);
      feed = feed < 0 ? body.end() : feed;
      width = Math.max(width, feed - line);
    }
    return width;
  }

  /**
   * Whether the line before {@code line} is a complete sentence without a full stop, as in an
   * unmarked list: otherwise the next word would have fitted on it.
   *
   * @param text where the text of the next line begins, with a capital
   */
  private static boolean endedByItsWriter(String plain, int line, int text, int width) {
    int begin = plain.lastIndexOf('\n', line - 2) + 1;
    Span before = new Span(begin, line).strip(plain);
    int word = text;
    while (word < plain.length() && !PlainText.isBlank(plain.charAt(word))) {
      word++;
    }
    if (!isUnfinished(plain, line)
        || word - text < 2
        || plain.charAt(word - 1) == '.' && word - text == 2
        || before.end() - begin + 1 + word - text > width
        || ",-–/&(+".indexOf(plain.charAt(before.end() - 1)) >= 0) {
      return false;
    }
    String said = plain.substring(before.start(), before.end());
    String last = said.substring(said.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
    boolean stops = said.contains(". ") && said.chars().noneMatch(Character::isLowerCase);
    return !stops && !CONNECTING.contains(last);
  }

  /**
   * Whether the line before {@code line} ends as a Japanese sentence does, without its full stop.
   * Lines may be broken anywhere in a word, so its length says nothing.
   */
  private static boolean endsInJapanese(String plain, int line, int text) {
    int begin = plain.lastIndexOf('\n', line - 2) + 1;
    Span before = new Span(begin, line).strip(plain);
    return PlainText.isEastAsian(plain.codePointAt(text))
        && JAPANESE_END.matcher(plain.substring(before.start(), before.end())).find();
  }

  /**
   * Whether this marker continues or begins a list.
   *
   * @param free whether no sentence is in progress
   */
  private static boolean countsOn(String before, String sign, boolean free) {
    if (sign.length() == 1 && before.length() == 1 && sign.charAt(0) == before.charAt(0) + 1) {
      return true;
    }
    boolean first = sign.equals("A") || sign.equals("I") || sign.length() > 1;
    return free && (first || before.length() > 1);
  }

  /** Where the text begins after the markers at the start of {@code item}. */
  static int afterMarks(String plain, Span item) {
    Matcher mark = MARK.matcher(plain);
    int at = item.start();
    while (mark.region(at, item.end()).lookingAt()) {
      at = mark.end();
    }
    return at;
  }

  /** Whether the line before the one at {@code line} requires a continuation. */
  static boolean isUnfinished(String plain, int line) {
    Span before =
        new Span(plain.lastIndexOf('\n', line - 2) + 1, Math.max(line - 1, 0)).strip(plain);
    return before.hasContent(plain) && ".?!:;…。！？".indexOf(plain.charAt(before.end() - 1)) < 0;
  }
}
