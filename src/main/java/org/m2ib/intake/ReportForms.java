package org.m2ib.intake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Chooses among several forms of one report, such as its text and a PDF of it: one format is read,
 * and from it only what has not been said yet.
 */
public final class ReportForms {
  public static final String PLAIN = "text/plain";

  /** Words by which headers and footers of two copies may differ. */
  private static final int MOST_APART = 12;

  private static final Pattern SIDES =
      Pattern.compile("\\b(left|right|links|rechts|gauche|droite?|izquierd[ao]|derech[ao])\\b");

  private ReportForms() {}

  /**
   * @param byFormat texts in order, by their format; {@link #PLAIN} has the report as plain text
   * @return texts in order
   */
  public static List<String> choose(Map<String, List<String>> byFormat) {
    Map<String, List<String>> others = new LinkedHashMap<>(byFormat);
    List<String> plain = withoutRepeats(byFormat.getOrDefault(PLAIN, List.of()));
    others.remove(PLAIN);
    List<String> other =
        others.values().stream()
            .map(ReportForms::withoutRepeats)
            .max(Comparator.comparingInt(ReportForms::letters))
            .orElse(List.of());
    // plain text that only refers to the other form is not the report
    return letters(other) > 2 * letters(plain) ? other : plain;
  }

  private static int letters(List<String> texts) {
    return texts.stream().mapToInt(text -> words(text).length()).sum();
  }

  private static List<String> withoutRepeats(List<String> texts) {
    List<String> kept = new ArrayList<>();
    for (String text : texts) {
      if (kept.stream().noneMatch(k -> repeats(k, text))) {
        kept.removeIf(k -> repeats(text, k));
        kept.add(text);
      }
    }
    return kept;
  }

  /**
   * Returns whether a text contains everything that another says, apart from headers and footers.
   */
  private static boolean repeats(String whole, String part) {
    String all = words(whole);
    String some = words(part);
    if (says(all, some)) {
      return true;
    }
    String[] words = some.split(" ");
    for (int apart = 1; apart <= MOST_APART && apart * 2 < words.length; apart++) {
      for (int head = 0; head <= apart; head++) {
        int end = words.length - apart + head;
        String middle = String.join(" ", List.of(words).subList(head, end));
        if (says(all, middle)) {
          return !SIDES.matcher(String.join(" ", List.of(words).subList(0, head))).find();
        }
      }
    }
    return false;
  }

  /** Returns the sentences and lines of a text that are not in the text already read. */
  public static String unsaid(String said, String text) {
    String all = words(said);
    List<String> parts = new ArrayList<>();
    for (String part : text.split("(?<=[.;!?])\\s+|\n")) {
      if (!says(all, words(part))) {
        parts.add(part.strip());
      }
    }
    return String.join("\n", parts);
  }

  private static boolean says(String words, String some) {
    return some.isEmpty() || (" " + words + " ").contains(" " + some + " ");
  }

  /** Returns a text's words without list numbers: what two layouts of it have in common. */
  private static String words(String text) {
    return text.replaceAll("(?m)^\\h*\\d{1,2}[.)]\\h+", " ")
        .replaceAll("[^\\p{L}\\p{M}\\p{N}]+", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
