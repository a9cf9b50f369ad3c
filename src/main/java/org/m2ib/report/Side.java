package org.m2ib.report;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The side of the patient that a sentence names, of a finding that it asserts or denies. English,
 * with the plain words of German, French and Spanish.
 *
 * <p>Limits: it reads words, not what they belong to: "deviated to the right by a left effusion"
 * names both, "the left ventricle" names the left.
 */
public enum Side {
  LEFT,
  RIGHT,
  /** Both by one word, or each by its own. */
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

  private static Pattern words(List<String> words) {
    return Pattern.compile(
        "\\b(" + String.join("|", words) + ")\\b",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
  }
}
