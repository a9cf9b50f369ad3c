package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the headings of a report. A heading is on a line of its own, with or without a colon, in
 * any case; or at the start of a line, followed by a colon or dash and its text; or within a line,
 * followed by a colon, if it is in capitals or follows a full stop, because some systems send a
 * report as one line. Surrounding asterisks, hash signs, rules, brackets and HTML tags belong to
 * it.
 */
final class Headings {
  /** Kind of heading. */
  enum Form {
    /** Names a section; it is not part of the text. */
    KNOWN,
    /** An organ or part; it stays in its sentence. */
    LABEL,
    /** A line that names the examination; it stays as a sentence of its own. */
    TITLE,
    /** Looks like a heading but is in no table; it stays in its sentence. */
    UNKNOWN
  }

  /**
   * @param section canonical name; {@code ""} for a heading that only begins the report itself
   * @param start where the heading begins
   * @param end where its text begins; for a title, the end of its line
   */
  record Heading(Form form, String section, int start, int end) {}

  private static final String SIGN =
      "(?:</?(?:b|u|i|strong|em|h[1-6]|p|br) ?/?>|[ #*_=~<>|\\[\\]•-])";
  private static final String SIGNS = SIGN + "*+";
  private static final Pattern BEFORE =
      Pattern.compile(
          "(?i)"
              + SIGNS
              + "[■◆◇□◎※●○]? ?(?:(?:\\d{1,2}|[A-H]|[IVX]{1,4})[.)] {1,3}"
              + SIGNS
              + ")?");

  /** Three underscores stand for a redacted word. */
  private static final Pattern BEHIND = Pattern.compile("(?i)(?:(?!_{3})" + SIGN + ")*+");

  private static final Pattern SEPARATOR =
      Pattern.compile(
          "(?:[:;]+-?|\\.{3,}|\\](?=[ 0-9\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}])| {1,3}[-–—]{1,3}(?= ))");

  /** Not the colon of a time of day. */
  private static final Pattern COLON = Pattern.compile("(?<!\\d):|:(?!\\d)");

  /** Never precedes a colon in a sentence in capitals. */
  private static final Pattern STRONG =
      Pattern.compile(
          "(?:CLINICAL )?(?:HISTORY|INDICATIONS?)|TECHNIQUE|COMPARISONS?|FINDINGS?|IMPRESSIONS?|CONCLUSIONS?");

  private static final Pattern SMALL = Pattern.compile("(?i)(?:" + STRONG.pattern() + ") ?:");

  private static final int SHORT_LINE = 40;

  private static final int LONGEST_EAST_ASIAN = 10;
  private static final Pattern PAUSE = Pattern.compile("[。、，；]");

  private static final Pattern RULE = Pattern.compile("[-_=*~]{5,}");

  /** "ADDENDUM #2 01/02/2020", "Addendum by Dr. A on ...:" */
  private static final Pattern ADDENDUM =
      Pattern.compile(
          "(?i)(?:\\w{3,12} )?(?:addend(?:um|a)|addended report)\\b(?<rest>[^:\n]{0,80}+)(?<colon>:(?!\\d))?");

  private static final Pattern NUMBERED =
      Pattern.compile(
          "(?i) *(?:\\(?(?:#|no\\.?|number)? *\\d{0,3}\\)?)? *[-,(]* *"
              + "(?:(?:dated?|on|at|created|entered|begins?|starts?) *)*[\\d/.:_ -]*(?:[ap]\\.?m\\.?)?[ )*_=-]*");

  private final HeadingTable table;
  private final Set<String> preferred;

  /**
   * @param further heading to canonical section; an entry overrides the built-in one of the same
   *     name
   * @param preferred sections that win if a heading names two
   */
  Headings(Map<String, String> further, Set<String> preferred) {
    this.table = new HeadingTable(further);
    this.preferred = preferred;
  }

  /** The headings in order. */
  List<Heading> in(String plain) {
    List<Heading> found = new ArrayList<>();
    for (int line = 0, next; line < plain.length(); line = next) {
      int feed = plain.indexOf('\n', line);
      int end = feed < 0 ? plain.length() : feed;
      next = Math.min(plain.length(), end + 1);
      Heading first = atStart(plain, line, end);
      if (first != null) {
        found.add(first);
      }
      if (first == null || first.form() != Form.TITLE) {
        inline(plain, first == null ? line : Math.max(first.end(), line), end, found);
      }
      if (next == line) {
        break;
      }
    }
    return found;
  }

  private Heading atStart(String plain, int line, int lineEnd) {
    Matcher before = BEFORE.matcher(plain).region(line, lineEnd);
    int start = before.lookingAt() ? before.end() : line;
    int end = new Span(start, lineEnd).strip(plain).end();
    if (start >= end
        || Character.isLowerCase(plain.codePointAt(start))
            && line > 0
            && plain.charAt(end - 1) != ':'
            && Paragraphs.isUnfinished(plain, line)
            && !(SMALL.matcher(plain).region(start, end).lookingAt()
                && isShortBefore(plain, line))) {
      return null; // a wrapped sentence
    }
    Heading heading = addendum(plain, line, start, end);
    if (heading == null && end - start <= HeadingTable.LONGEST + 20) {
      heading = whole(plain, line, start, end);
    }
    return heading != null ? heading : beforeSeparator(plain, line, start, end);
  }

  private static Heading addendum(String plain, int line, int start, int end) {
    Matcher m = ADDENDUM.matcher(plain).region(start, end);
    boolean small = Character.isLowerCase(plain.codePointAt(start));
    if (!m.lookingAt() || small && m.group("colon") == null) {
      return null;
    }
    if (m.group("colon") != null) {
      return known("addendum", plain, line, m.end(), end);
    }
    Matcher rest = NUMBERED.matcher(plain).region(m.start("rest"), end);
    boolean capitals =
        plain.substring(start, m.start("rest")).chars().noneMatch(Character::isLowerCase);
    boolean numbered = rest.lookingAt() && rest.end() > m.start("rest");
    return numbered
            && (rest.end() == end
                || capitals
                || plain.substring(m.start("rest"), rest.end()).matches(".*\\d.*"))
        ? known("addendum", plain, line, rest.end(), end)
        : capitals ? known("addendum", plain, line, m.start("rest"), end) : null;
  }

  /** A line that consists of a heading only. */
  private Heading whole(String plain, int line, int start, int end) {
    String text = plain.substring(start, end);
    Matcher colonSign = COLON.matcher(text);
    int sign = colonSign.find() ? colonSign.start() : -1;
    boolean colon = sign >= 0;
    if (colon
        && (text.contains("___")
            || text.substring(sign).codePoints().anyMatch(Character::isLetterOrDigit))) {
      return null; // its text follows it, even if redacted
    }
    boolean wrapped = !colon && line > 0 && Paragraphs.isUnfinished(plain, line);
    String section = table.section(text, preferred);
    if (section != null) {
      boolean needsColon = section.equals(HeadingTable.LABEL) || section.equals("administrative");
      if (needsColon && !colon) {
        return null;
      }
      return of(section, plain, line, end, end);
    }
    if (Titles.isExamination(text) && (!wrapped || isCapitals(text))) {
      return colon ? known("", plain, line, end, end) : new Heading(Form.TITLE, "", line, end);
    }
    String byWords = isCapitals(text) && !wrapped || colon ? HeadingTable.byItsWords(text) : null;
    if (byWords != null && (colon || text.indexOf('.') < 0) && isHeadingShaped(text)) {
      return of(byWords, plain, line, end, end);
    }
    return colon && isHeadingShaped(text) ? new Heading(Form.UNKNOWN, "", start, start) : null;
  }

  /** "FINDINGS: Clear.", "Findings - clear", "FINDINGS The lungs". */
  private Heading beforeSeparator(String plain, int line, int start, int end) {
    int last = Math.min(end, start + HeadingTable.LONGEST);
    Matcher separator = SEPARATOR.matcher(plain).region(start, last);
    if (separator.find()) {
      String name = plain.substring(start, separator.start());
      boolean colon = plain.charAt(separator.start()) == ':';
      String section = table.section(name, preferred);
      boolean clock =
          colon
              && separator.end() < end
              && Character.isDigit(plain.charAt(separator.end()))
              && separator.start() > start
              && Character.isDigit(plain.charAt(separator.start() - 1));
      if (section != null && (colon || isCapitalOrEastAsian(name))) {
        boolean needsColon = section.equals(HeadingTable.LABEL) || section.equals("administrative");
        return needsColon && !colon ? null : of(section, plain, line, separator.end(), end);
      }
      if (section == null && colon && !clock && !name.isBlank()) {
        if (Titles.isExamination(name)) {
          return known("", plain, line, separator.end(), end);
        }
        if (isHeadingShaped(name)) {
          String byWords = HeadingTable.byItsWords(name);
          return byWords != null
              ? of(byWords, plain, line, separator.end(), end)
              : new Heading(Form.UNKNOWN, "", start, start);
        }
      }
    }
    return capitalsBeforeText(plain, line, start, end);
  }

  private static boolean isCapitalOrEastAsian(String name) {
    int first = name.codePointAt(0);
    return Character.isUpperCase(first) || PlainText.isEastAsian(first);
  }

  private static boolean isShortBefore(String plain, int line) {
    return line - plain.lastIndexOf('\n', line - 2) < SHORT_LINE;
  }

  /** "HISTORY COUGH" in a report without colons. */
  private static final Pattern BARE =
      Pattern.compile(
          "(?:CLINICAL )?(?:HISTORY|INDICATION|TECHNIQUE|COMPARISON|FINDINGS|IMPRESSION|CONCLUSION)(?= )"
              + "(?! +(?:IS|ARE|WAS|WERE|OF|ON|IN|WITH|TO|FROM|BY|AT|FOR|AS|MAY|COULD|HAS|HAVE"
              + "|SUGGEST\\w*|CONSISTENT|COMPATIBLE|CONCERNING|LIKELY|LIMITED|LIMITS|MADE|AND|OR|SEEN|NOTED|DESCRIBED|ABOVE)\\b)");

  private Heading capitalsBeforeText(String plain, int line, int start, int end) {
    Matcher bare = BARE.matcher(plain).region(start, end);
    if (bare.lookingAt()
        && isCapitals(plain.substring(start, end))
        && (!Paragraphs.isUnfinished(plain, line) || isShortBefore(plain, line))) {
      return of(table.section(bare.group(), preferred), plain, line, bare.end(), end);
    }
    int at = start;
    int words = 0;
    while (words < 4 && at < end) {
      int blank = plain.indexOf(' ', at);
      if (blank < 0 || blank >= end || blank - at > 30) {
        return null;
      }
      String word = plain.substring(at, blank);
      if (word.length() < 2 || !isCapitals(word)) {
        return null;
      }
      at = new Span(blank, end).strip(plain).start();
      words++;
      boolean text =
          at + 1 < end
              && (Character.isUpperCase(plain.charAt(at))
                      && Character.isLowerCase(plain.charAt(at + 1))
                  || plain.charAt(at) == '1' && ".)".indexOf(plain.charAt(at + 1)) >= 0);
      String section = text ? table.section(plain.substring(start, blank), preferred) : null;
      if (section != null
          && !section.equals(HeadingTable.LABEL)
          && !section.equals("administrative")
          && !section.equals(HeadingTable.REPORT)) {
        return of(section, plain, line, blank, end);
      }
    }
    return null;
  }

  /** Headings within a line; each ends in a colon. */
  private void inline(String plain, int from, int end, List<Heading> found) {
    int last = from;
    for (int colon = from; colon < end; colon++) { // not beyond the line
      if (plain.charAt(colon) != ':') {
        continue;
      }
      int nameEnd = colon;
      while (nameEnd > last && " *_".indexOf(plain.charAt(nameEnd - 1)) >= 0) {
        nameEnd--;
      }
      Heading heading = inline(plain, last, nameEnd, colon + 1, end);
      if (heading != null) {
        found.add(heading);
        last = Math.max(heading.end(), colon + 1);
      }
    }
  }

  private Heading inline(String plain, int from, int nameEnd, int behind, int end) {
    int at = nameEnd;
    Heading longest = null;
    for (int words = 0; words < 6 && at > from && nameEnd - at < HeadingTable.LONGEST; words++) {
      int word = at;
      while (word > from
          && " 。！？；".indexOf(plain.charAt(word - 1)) < 0
          && nameEnd - word < HeadingTable.LONGEST) {
        word--;
      }
      if (words == 0
          && !table.mayEndIn(
              HeadingTable.lastWord(HeadingTable.normal(plain.substring(word, nameEnd))))) {
        return null;
      }
      String name = plain.substring(word, nameEnd);
      if (word > from && isPlacedInline(plain, from, word, name)) {
        String section = table.section(name, preferred);
        if (section != null && !section.equals("administrative")) {
          longest = of(section, plain, word, behind, end);
        }
      }
      at = word;
      while (at > from && plain.charAt(at - 1) == ' ') {
        at--;
      }
    }
    return longest;
  }

  /** In capitals after a word that is not, or capitalised after a full stop. */
  private static boolean isPlacedInline(String plain, int from, int word, String name) {
    int before = word - 1;
    while (before > from && " *_".indexOf(plain.charAt(before)) >= 0) {
      before--;
    }
    if ("。！？；".indexOf(plain.charAt(word - 1)) >= 0) {
      return true;
    }
    if (before == word - 1) {
      return false;
    }
    char previous = plain.charAt(before);
    boolean stop = ".!?;)]|".indexOf(previous) >= 0;
    return isCapitals(name)
            && (stop || !Character.isUpperCase(previous) || STRONG.matcher(name).matches())
        || stop && Character.isUpperCase(name.codePointAt(0));
  }

  private static Heading of(String section, String plain, int start, int behind, int end) {
    return switch (section) {
      case HeadingTable.LABEL -> new Heading(Form.LABEL, "", start, start);
      case HeadingTable.REPORT -> known("", plain, start, behind, end);
      default -> known(section, plain, start, behind, end);
    };
  }

  private static Heading known(String section, String plain, int start, int behind, int end) {
    Matcher signs = BEHIND.matcher(plain).region(behind, end);
    int at = signs.lookingAt() ? signs.end() : behind;
    // a dash before a word begins a list item
    while (at > behind && "-•*".indexOf(plain.charAt(at - 1)) >= 0 && at < end) {
      at--;
    }
    return new Heading(Form.KNOWN, section, start, at);
  }

  /**
   * Begins with a capital, has few words, none typical of a sentence, and consists mostly of
   * letters.
   */
  private static boolean isHeadingShaped(String text) {
    String name = text.strip();
    if (name.length() < 2 || name.length() > 60 || RULE.matcher(name).find()) {
      return false;
    }
    boolean capitals = isCapitals(name);
    long words = name.split(" +").length;
    if (PlainText.isEastAsian(name.codePointAt(0))) {
      return name.length() <= LONGEST_EAST_ASIAN && !PAUSE.matcher(name).find();
    }
    return Character.isUpperCase(name.codePointAt(0))
        && !HeadingTable.isProse(name)
        && (capitals ? words <= 7 : words <= 4)
        && name.chars().filter(Character::isLetter).count() * 2 > name.length();
  }

  private static boolean isCapitals(String text) {
    return text.codePoints().noneMatch(Character::isLowerCase)
        && text.codePoints().anyMatch(Character::isUpperCase);
  }

  static String fold(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
