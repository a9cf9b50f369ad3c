package org.m2ib.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds the contrary of a sentence: "No pneumothorax." from "Pneumothorax." and vice versa. The
 * result is for querying a model, not for a reader. It builds none from a sentence that it does not
 * understand.
 *
 * <p>Limits: contraries in English only; one clause with at most one negative word. Negation by
 * choice of words ("clear lungs") is not recognised, so it returns "No clear lungs."
 */
public final class Negation {
  /** Several clauses: the contrary of one is not the contrary of all. */
  private static final Pattern CLAUSES =
      words("[;:?!]|\\b(but|however|although|though|except|while|whereas|which|that|if)\\b");

  /** What a denial leaves out: without "no" it would be stated of the rest. */
  private static final Pattern EXCEPTION =
      words("\\b(apart from|aside from|other than|save for|besides|only|no longer)\\b");

  private static final Pattern NEGATIVE =
      words(
          "\\b(no|not|without|never|none|nor|neither|cannot|negative|absent|absence|denies|free"
              + "|resol\\w+|rule[ds]? out|unlikely)\\b|n't\\b");

  /** Words that show that a sentence without "is" is more than the name of a finding. */
  private static final Pattern VERB =
      words(
          "\\b(shows?|demonstrates?|reveals?|suggests?|indicates?|remains?|appears?|seems?|has|have"
              + "|had|may|might|can|could|should|would|will|must|see|compare|compared|recommend"
              + "|recommended|consider|correlate|please|represents?|reflects?|overl(ies|ie|y)"
              + "|projects?|terminates?|extends?|persists?|contains?|measures?|likely|possibl[ey]"
              + "|unchanged|stable|normal)\\b");

  /** Singular nouns without an article. */
  private static final Pattern UNCOUNTED =
      words(
          "\\b(evidence|o?edema|cardiomegaly|atelectasis|congestion|emphysema|fibrosis|fluid|air"
              + "|pneumonia|consolidation|scarring|thickening|enlargement|change)\\b");

  private static final int MOST_WORDS = 12;

  private record Rule(Pattern form, Function<MatchResult, String> contrary) {
    static Rule of(String form, Function<MatchResult, String> contrary) {
      return new Rule(words(form), contrary);
    }

    Optional<String> applyTo(String sentence) {
      Matcher matcher = form.matcher(sentence);
      return matcher.matches()
          ? Optional.of(contrary.apply(matcher.toMatchResult()))
          : Optional.empty();
    }
  }

  private static final List<Rule> DENIALS =
      List.of(
          Rule.of("(there (?:is|was) )no (.+)", m -> m.group(1) + counted(m.group(2))),
          Rule.of("(there (?:are|were) )no (.+)", m -> m.group(1) + m.group(2)),
          Rule.of("(?:no|without) (.+)", m -> capital(m.group(1))),
          Rule.of("([^,]+) without ([^,]+)", m -> m.group(1) + " with " + m.group(2)),
          Rule.of("([^,]+ (?:is|are|was|were)) not ([^,]+)", m -> m.group(1) + " " + m.group(2)));

  private static final List<Rule> ASSERTIONS =
      List.of(
          Rule.of(
              "(there (?:is|are|was|were) )(?:an? |some )?([^,]+)",
              m -> m.group(1) + "no " + m.group(2)),
          Rule.of("([^,]+? (?:is|are|was|were)) ([^,]+)", m -> m.group(1) + " not " + m.group(2)));

  private static final Pattern PHRASE = words("(?:an? |the )?([^,]+)");

  private Negation() {}

  /**
   * Whether all that the sentence says is a denial: "No right pleural effusion." A finding that
   * cannot be excluded is not denied.
   *
   * @return empty if the language is not known, or if the sentence denies one thing and may state
   *     another ("No effusion but atelectasis."), or says only that something could not be judged
   *     ("not well seen")
   */
  public static Optional<Boolean> denies(String sentence, Language language) {
    return language.known() ? Denial.whole(sentence, language) : Optional.empty();
  }

  /**
   * The text, at its length, with blanks for phrases that hold a negative word but leave the
   * finding possible or state it: "cannot be excluded", "free air".
   */
  public static String withoutPossible(String text, Language language) {
    return blanked(LanguageTable.of(language).possible, text);
  }

  /** The same for phrases that say only that something was not judged: "not well seen". */
  public static String withoutUnclear(String text, Language language) {
    return blanked(LanguageTable.of(language).unclear, text);
  }

  private static String blanked(Pattern phrases, String text) {
    return phrases.matcher(text).replaceAll(m -> " ".repeat(m.group().length()));
  }

  /**
   * @param sentence one sentence, which may span several lines
   * @return empty if its form is not supported, or if it is not English
   */
  public static Optional<String> of(String sentence, Language language) {
    String line = sentence.strip().replaceAll("\\s+", " ");
    String end = line.endsWith(".") ? "." : "";
    String said = line.substring(0, line.length() - end.length());
    if (language != Language.ENGLISH || said.isEmpty() || CLAUSES.matcher(said).find()) {
      return Optional.empty();
    }
    boolean partly = said.contains(",") && denies(said, language).isEmpty();
    if (partly
        || !withoutUnclear(withoutPossible(said, language), language).equals(said)
        || EXCEPTION.matcher(said).find()) {
      return Optional.empty();
    }
    long negatives = NEGATIVE.matcher(said).results().count();
    Optional<String> contrary =
        negatives == 0
            ? first(ASSERTIONS, said).or(() -> phrase(said))
            : negatives == 1 ? first(DENIALS, said) : Optional.empty();
    return contrary.map(text -> text + end);
  }

  private static Optional<String> first(List<Rule> rules, String said) {
    return rules.stream().flatMap(rule -> rule.applyTo(said).stream()).findFirst();
  }

  /** The contrary of a sentence without a verb. */
  private static Optional<String> phrase(String said) {
    Matcher phrase = PHRASE.matcher(said);
    boolean bare =
        phrase.matches() && !VERB.matcher(said).find() && said.split(" ").length <= MOST_WORDS;
    return bare ? Optional.of("No " + small(phrase.group(1))) : Optional.empty();
  }

  private static String counted(String noun) {
    if (UNCOUNTED.matcher(noun).find()) {
      return noun;
    }
    return ("aeiou".indexOf(Character.toLowerCase(noun.charAt(0))) >= 0 ? "an " : "a ") + noun;
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** Lower-cases the first letter unless the first word has further capitals. */
  private static String small(String text) {
    boolean word = text.length() < 2 || Character.isLowerCase(text.charAt(1));
    return word ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
  }

  private static Pattern words(String form) {
    return Pattern.compile(form, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);
  }
}
