package org.m2ib.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The side of the patient named by a sentence, whether it asserts or denies a finding.
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

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+");

  /** Words that may stand between a noun and its side in French. */
  private static final Pattern FRENCH_ADJECTIVE =
      Pattern.compile(
          "\\p{L}+(?:ale?s?|aux|aires?|eure?s?|iques?|ée?s?|iens?|iennes?)|minimes?|petite?s?");

  /**
   * The side that a sentence names.
   *
   * @return empty if the language is not known
   */
  public static Optional<Side> in(String sentence, Language language) {
    if (!language.known()) {
      return Optional.empty();
    }
    LanguageTable table = LanguageTable.of(language);
    String said = LanguageTable.fold(sentence, language);
    said = table.noSide.matcher(said).replaceAll(" ");
    boolean left = table.left.matcher(said).find();
    boolean right = table.right.matcher(said).find();
    if (left && right || table.both.matcher(said).find()) {
      return Optional.of(BOTH);
    }
    return Optional.of(left ? LEFT : right ? RIGHT : NONE);
  }

  /**
   * The same sentence with the side swapped: "Right nodule." for "Left nodule."
   *
   * @return empty unless it names exactly one side, in words that have a counterpart whose form is
   *     certain ("gauche" may be "droit" or "droite"), of a part that both sides have (no middle
   *     lobe)
   */
  public static Optional<String> other(String sentence, Language language) {
    Side side = in(sentence, language).orElse(NONE);
    LanguageTable table = LanguageTable.of(language);
    String said = LanguageTable.fold(sentence, language);
    if (side != LEFT && side != RIGHT
        || table.oneSided.matcher(said).find()
        || table.noSide.matcher(said).find()) {
      return Optional.empty();
    }
    String swapped =
        language.ideographic()
            ? side == LEFT ? sentence.replace('左', '右') : sentence.replace('右', '左')
            : swapped(sentence, side, table);
    Side opposite = side == LEFT ? RIGHT : LEFT;
    return Optional.of(swapped).filter(other -> in(other, language).orElse(NONE) == opposite);
  }

  private static String swapped(String sentence, Side side, LanguageTable table) {
    StringBuilder swapped = new StringBuilder();
    Pattern named = side == LEFT ? table.left : table.right;
    Matcher word = WORD.matcher(sentence);
    while (word.find()) {
      boolean names = named.matcher(LanguageTable.fold(word.group())).matches();
      word.appendReplacement(
          swapped,
          names ? swapped(word.group(), side, table, sentence.substring(0, word.start())) : "$0");
    }
    return word.appendTail(swapped).toString();
  }

  /** The word itself if it has no certain counterpart. */
  private static String swapped(String word, Side side, LanguageTable table, String before) {
    int from = side == LEFT ? 0 : 1;
    String small = word.toLowerCase(Locale.ROOT);
    int longest =
        table.swap.stream()
            .map(pair -> pair[from])
            .filter(small::startsWith)
            .mapToInt(String::length)
            .max()
            .orElse(0);
    List<String> others =
        table.swap.stream()
            .filter(pair -> pair[from].length() == longest && small.startsWith(pair[from]))
            .map(pair -> pair[1 - from])
            .toList();
    Optional<String> stem =
        others.size() == 1 ? Optional.of(others.get(0)) : ofGender(others, table, before);
    if (stem.isEmpty()) {
      return word;
    }
    String other = stem.get() + small.substring(longest);
    if (word.equals(word.toUpperCase(Locale.ROOT))) {
      return other.toUpperCase(Locale.ROOT);
    }
    boolean capital = Character.isUpperCase(word.charAt(0));
    return capital ? Character.toUpperCase(other.charAt(0)) + other.substring(1) : other;
  }

  /** The masculine or feminine one, by the noun before it; empty if that is not known. */
  private static Optional<String> ofGender(
      List<String> others, LanguageTable table, String before) {
    String[] words = before.toLowerCase(Locale.ROOT).strip().split("[\\s'’]+");
    for (int i = words.length - 1; i >= 0 && others.size() == 2; i--) {
      boolean masculine = table.masculine.contains(words[i]);
      boolean article = Set.of("à", "la").contains(words[i]);
      if (masculine || table.feminine.contains(words[i]) && (!article || i == words.length - 1)) {
        return Optional.of(others.get(masculine ? 0 : 1));
      }
      if (!FRENCH_ADJECTIVE.matcher(words[i]).matches()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
