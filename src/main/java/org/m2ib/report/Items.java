package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a list within one paragraph into its items: "1. Effusion 2. Nodule", "A. Effusion. B.
 * Nodule.", "(i) effusion (ii) nodule". The markers must count up, and there must be at least two.
 */
final class Items {
  private static final Pattern SIGN =
      Pattern.compile(
          "(?<![^\\s:])(?<open>\\(?)(?<sign>\\d{1,2}|[A-Za-z]|[IVX]{2,4}|[ivx]{2,4})(?<close>[.)])(?:(?<=\\.)[-–])?\\s++(?=\\S)");

  private static final List<String> ROMAN =
      List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X");

  /** A number after one of these is not a list marker. */
  private static final Set<String> NUMBERED =
      Set.of(
          ("image images series grade stage type level no number rib ribs zone segment fig figure"
                  + " view views film day phase class category vertebra score to and or of than by"
                  + " from is was about approximately")
              .split(" "));

  private static final int LONGEST_BRACKET = 60;

  private record Mark(int start, int end, String shape, String sign) {
    /** Whether this marker is the successor of {@code before}. */
    boolean follows(Mark before) {
      if (!shape.equals(before.shape)) {
        return false;
      }
      if (Character.isDigit(sign.charAt(0)) || Character.isDigit(before.sign.charAt(0))) {
        return Character.isDigit(sign.charAt(0))
            && Character.isDigit(before.sign.charAt(0))
            && Integer.parseInt(sign) == Integer.parseInt(before.sign) + 1;
      }
      int roman = ROMAN.indexOf(before.sign.toUpperCase(Locale.ROOT));
      boolean sameCase =
          Character.isUpperCase(sign.charAt(0)) == Character.isUpperCase(before.sign.charAt(0));
      boolean next =
          roman >= 0
                  && roman + 1 < ROMAN.size()
                  && ROMAN.get(roman + 1).equals(sign.toUpperCase(Locale.ROOT))
              || sign.length() == 1
                  && before.sign.length() == 1
                  && sign.charAt(0) == before.sign.charAt(0) + 1;
      return sameCase && next;
    }

    boolean first() {
      return Set.of("1", "A", "a", "I", "i").contains(sign);
    }
  }

  private Items() {}

  /**
   * @param from where the paragraph's own marker begins, if it has one
   * @param text where its text begins
   * @return the items, or the paragraph without its marker if it contains no list
   */
  static List<Span> in(String plain, int from, int text, int end) {
    List<Mark> run = new ArrayList<>();
    Matcher m = SIGN.matcher(plain).useTransparentBounds(true).region(from, end);
    while (m.find()) {
      boolean bracket = m.group("open").isEmpty() && m.group("close").equals(")");
      Mark mark = new Mark(m.start(), m.end(), m.group("open") + m.group("close"), m.group("sign"));
      if (!run.isEmpty() && mark.follows(run.get(run.size() - 1))) {
        if (!(bracket && inBrackets(plain, from, m.start())) && isPlaced(plain, from, m)) {
          run.add(mark);
        }
      } else if (run.size() < 2
          && (m.start() == from || mark.first() && isBehindStop(plain, from, m.start()))) {
        run.clear();
        run.add(mark);
      }
    }
    if (run.size() < 2) {
      return List.of(new Span(text, end));
    }
    List<Span> items = new ArrayList<>();
    if (run.get(0).start() > text) {
      items.add(new Span(text, run.get(0).start()));
    }
    for (int i = 0; i < run.size(); i++) {
      int to = i + 1 < run.size() ? run.get(i + 1).start() : end;
      items.add(new Span(run.get(i).end(), to));
    }
    return items;
  }

  /** After a full stop; with a bracket, anywhere; a number also before a capital. */
  private static boolean isPlaced(String plain, int from, Matcher m) {
    if (m.group("close").equals(")") || isBehindStop(plain, from, m.start())) {
      return true;
    }
    int before = m.start();
    while (before > from && PlainText.isBlank(plain.charAt(before - 1))) {
      before--;
    }
    int word = before;
    while (word > from && before - word < 20 && Character.isLetter(plain.charAt(word - 1))) {
      word--;
    }
    return Character.isDigit(m.group("sign").charAt(0))
        && Character.isUpperCase(plain.codePointAt(m.end()))
        && before - word > 1
        && !NUMBERED.contains(plain.substring(word, before).toLowerCase(Locale.ROOT));
  }

  private static boolean isBehindStop(String plain, int from, int at) {
    int before = at - 1;
    while (before >= from && PlainText.isBlank(plain.charAt(before))) {
      before--;
    }
    return before >= from && ".?!:;,".indexOf(plain.charAt(before)) >= 0;
  }

  private static boolean inBrackets(String plain, int from, int at) {
    int i = at - 1;
    while (i > from && at - i < LONGEST_BRACKET && "()".indexOf(plain.charAt(i)) < 0) {
      i--;
    }
    return i >= from && plain.charAt(i) == '(';
  }
}
