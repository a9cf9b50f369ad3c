package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a sentence that is too long at its clauses, into as few parts that fit as possible. A part
 * ends after a semicolon or comma, or before "and" or "but"; the strongest place is preferred, and
 * of those the last.
 */
final class Clauses {

  /** The groups of the pattern, strongest first. */
  private static final List<String> PLACES = List.of("semicolon", "pause", "conjunction", "comma");

  private static final Pattern PLACE =
      Pattern.compile(
          "(?<semicolon>;(?=\\s))"
              + "|(?<pause>,(?=\\s+(?:and|but)\\s))"
              + "|(?<conjunction>(?<![,;])(?=\\s(?:and|but)\\s))"
              + "|(?<comma>,(?=\\s))",
          Pattern.CASE_INSENSITIVE);

  /**
   * A place where a part may end.
   *
   * @param rank 0 is the strongest
   */
  private record End(int at, int rank) {}

  private Clauses() {}

  /**
   * @param fits whether a text is short enough; if it is, so are all its prefixes
   * @return the parts in order; one that cannot be divided may be too long
   */
  static List<Span> in(String plain, Span sentence, Predicate<String> fits) {
    if (fits.test(plain.substring(sentence.start(), sentence.end()))) {
      return List.of(sentence);
    }
    List<End> ends = ends(plain, sentence);
    List<Span> parts = new ArrayList<>();
    int start = sentence.start();
    for (int next = 0; next < ends.size(); ) {
      int best = next;
      for (int i = next + 1; i < ends.size(); i++) {
        if (!fits.test(plain.substring(start, ends.get(i).at()))) {
          break;
        }
        best = ends.get(i).rank() <= ends.get(best).rank() ? i : best;
      }
      parts.add(new Span(start, ends.get(best).at()).strip(plain));
      start = ends.get(best).at();
      next = best + 1;
    }
    return parts.stream().filter(part -> part.hasContent(plain)).toList();
  }

  /** In order; the last is the end of the sentence. */
  private static List<End> ends(String plain, Span sentence) {
    List<End> ends = new ArrayList<>();
    Matcher place = PLACE.matcher(plain).region(sentence.start(), sentence.end());
    while (place.find()) {
      ends.add(new End(place.end(), rank(place)));
    }
    ends.add(new End(sentence.end(), -1));
    return ends;
  }

  private static int rank(Matcher place) {
    int rank = 0;
    while (place.start(PLACES.get(rank)) < 0) {
      rank++;
    }
    return rank;
  }
}
