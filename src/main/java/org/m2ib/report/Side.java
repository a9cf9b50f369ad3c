package org.m2ib.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The side of the patient named by a sentence, whether it asserts or denies a finding. Understands
 * English and the plain words of German, French and Spanish.
 *
 * <p>Limits: it reads words, not what they refer to: "deviated to the right by a left effusion"
 * names both sides, "the left ventricle" names the left.
 */
public enum Side {
  LEFT,
  RIGHT,
  /** Both, by one word or by each side's own. */
  BOTH,
  NONE;

  private static final Pattern LEFTS =
      words(
          List.of(
              "left(wards?)?",
              "LUL|LLL",
              "links(seitig|basal|apikal)?(e[rsnm]?)?|linke[rsnm]?",
              "gauches?",
              "izquierd[oa]s?"));
  private static final Pattern RIGHTS =
      words(
          List.of(
              "right(wards?)?",
              "RUL|RML|RLL",
              "rechts(seitig|basal|apikal)?(e[rsnm]?)?|rechte[rsnm]?",
              "droite?s?",
              "derech[oa]s?"));
  private static final Pattern BOTHS =
      words(
          List.of(
              "both",
              "bilateral(ly|es|e[rsnm]?)?",
              "bi-?(apical|bas[ai]l|basilar)",
              "beid(seits|seitige?[rsnm]?|e[rsnm]?)|bds",
              "bilatéra(les?|l|ux)",
              "ambos|ambas"));

  /** The side that a sentence names. */
  public static Side in(String sentence) {
    boolean left = LEFTS.matcher(sentence).find();
    boolean right = RIGHTS.matcher(sentence).find();
    if (left && right || BOTHS.matcher(sentence).find()) {
      return BOTH;
    }
    return left ? LEFT : right ? RIGHT : NONE;
  }

  private static final Map<String, String> STEMS =
      Map.of(
          "left", "right",
          "right", "left",
          "lul", "RUL",
          "lll", "RLL",
          "rul", "LUL",
          "rll", "LLL",
          "links", "rechts",
          "rechts", "links",
          "linke", "rechte",
          "rechte", "linke");
  private static final Map<String, String> ROMANCE =
      Map.of("gauche", "droite", "droit", "gauche", "izquierd", "derech", "derech", "izquierd");

  /**
   * The same sentence with the side swapped: "Right nodule." for "Left nodule."
   *
   * @return empty unless it names exactly one side, in a word that has a counterpart (RML has none)
   */
  public static Optional<String> other(String sentence) {
    Side side = in(sentence);
    if (side != LEFT && side != RIGHT) {
      return Optional.empty();
    }
    String swapped =
        (side == LEFT ? LEFTS : RIGHTS).matcher(sentence).replaceAll(word -> swapped(word));
    return Optional.of(swapped).filter(other -> in(other) == (side == LEFT ? RIGHT : LEFT));
  }

  private static String swapped(MatchResult match) {
    String word = match.group();
    String small = word.toLowerCase(Locale.ROOT);
    String stem =
        STEMS.keySet().stream()
            .filter(small::startsWith)
            .max(java.util.Comparator.comparingInt(String::length))
            .orElse(null);
    String other;
    if (stem != null) {
      other = STEMS.get(stem) + small.substring(stem.length());
    } else if (small.startsWith("droite")) {
      other = "gauche" + small.substring("droite".length());
    } else {
      stem = ROMANCE.keySet().stream().filter(small::startsWith).findFirst().orElse(null);
      if (stem == null) {
        return word;
      }
      other = ROMANCE.get(stem) + small.substring(stem.length());
    }
    if (word.equals(word.toUpperCase(Locale.ROOT))) {
      return other.toUpperCase(Locale.ROOT);
    }
    boolean capital = Character.isUpperCase(word.charAt(0));
    return capital ? Character.toUpperCase(other.charAt(0)) + other.substring(1) : other;
  }

  private static Pattern words(List<String> words) {
    return Pattern.compile(
        "\\b(" + String.join("|", words) + ")\\b",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
  }
}
