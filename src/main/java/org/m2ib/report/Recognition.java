package org.m2ib.report;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the language of a text. In Latin script it is the language with the most frequent words of
 * {@code languages.txt} in the text. Kana are Japanese; Han characters alone are Japanese or
 * Chinese by those that the other does not use. Where the evidence is thin, there is no language.
 */
final class Recognition {
  /**
   * How much evidence is needed.
   *
   * @param hits minimum number of known words
   * @param lead how many times as many as of any other language
   */
  record Evidence(int hits, double lead) {}

  static final Evidence USUAL = new Evidence(2, 1.2);

  /** Enough to read a report in another language than its sender states. */
  static final Evidence CERTAIN = new Evidence(6, 2);

  /** Enough to read a sentence in another language than its report. */
  private static final Evidence SENTENCE = new Evidence(3, 2);

  /** A text with fewer known words is in a language that is not in the table. */
  private static final int LEAST_SHARE = 8;

  /** More of a long report would not change the result. */
  private static final int LONGEST = 20_000;

  private static final Map<String, Set<String>> WORDS = LanguageTable.words();
  private static final Pattern WORD = Pattern.compile("\\p{IsLatin}{2,40}");
  private static final Pattern JAPANESE = Pattern.compile("[両気検拡増縦陥変対関圧転単価]");
  private static final Pattern CHINESE = Pattern.compile("[见无侧两诊检气纵积脏纹质结节显异规则张氣檢雙兩縱擴增變對關壓未]");

  private enum Script {
    LATIN,
    KANA,
    HAN,
    OTHER,
    NONE
  }

  private Recognition() {}

  static Language ofReport(String report, Evidence evidence) {
    String text = report.substring(0, Math.min(report.length(), LONGEST));
    return switch (script(text)) {
      case LATIN -> byWords(text, evidence);
      case KANA -> Language.JAPANESE;
      case HAN -> byCharacters(text);
      default -> Language.UNDETERMINED;
    };
  }

  /** Whether the text is clearly in a language that is not one of the supported ones. */
  static boolean isUnsupported(String text) {
    return switch (script(text)) {
      case LATIN -> isOther(hits(text.substring(0, Math.min(text.length(), LONGEST))));
      case OTHER -> true;
      default -> false;
    };
  }

  private static boolean isOther(Map<String, Integer> hits) {
    return hits.getOrDefault(LanguageTable.OTHER, 0) >= SENTENCE.hits()
        && isLed(hits, LanguageTable.OTHER, SENTENCE.lead());
  }

  static Language ofSentence(String sentence, Language report) {
    return switch (script(sentence)) {
      case LATIN -> {
        if (report.ideographic()) {
          yield byWords(sentence, USUAL);
        }
        Map<String, Integer> hits = hits(sentence);
        Language own = best(hits, SENTENCE, 0);
        yield own.known() ? own : isOther(hits) ? Language.UNDETERMINED : report;
      }
      case KANA -> Language.JAPANESE;
      case HAN -> {
        Language own = byCharacters(sentence);
        yield own.known() || !report.ideographic() ? own : report;
      }
      case NONE -> report;
      case OTHER -> Language.UNDETERMINED;
    };
  }

  private static Language byWords(String text, Evidence evidence) {
    Matcher word = WORD.matcher(text);
    int words = 0;
    while (word.find()) {
      words++;
    }
    return best(hits(text), evidence, words);
  }

  private static Map<String, Integer> hits(String text) {
    Map<String, Integer> hits = new HashMap<>();
    Matcher word = WORD.matcher(LanguageTable.fold(text).toLowerCase(Locale.ROOT));
    while (word.find()) {
      WORDS
          .getOrDefault(word.group(), Set.of())
          .forEach(language -> hits.merge(language, 1, Integer::sum));
    }
    return hits;
  }

  private static Language best(Map<String, Integer> hits, Evidence evidence, int words) {
    for (Language language : Language.values()) {
      int own = hits.getOrDefault(language.code(), 0);
      if (own >= evidence.hits()
          && own * LEAST_SHARE >= words
          && isLed(hits, language.code(), evidence.lead())) {
        return language;
      }
    }
    return Language.UNDETERMINED;
  }

  private static boolean isLed(Map<String, Integer> hits, String code, double lead) {
    return hits.entrySet().stream()
        .allMatch(
            other -> other.getKey().equals(code) || hits.get(code) >= lead * other.getValue());
  }

  private static Language byCharacters(String text) {
    long japanese = JAPANESE.matcher(text).results().count();
    long chinese = CHINESE.matcher(text).results().count();
    return japanese == chinese
        ? Language.UNDETERMINED
        : japanese > chinese ? Language.JAPANESE : Language.CHINESE;
  }

  /** The script of most letters; a Han character or syllable counts as much as a word. */
  private static Script script(String text) {
    int[] letters = new int[Script.values().length];
    text.codePoints()
        .filter(Character::isLetter)
        .forEach(letter -> letters[of(UnicodeScript.of(letter)).ordinal()]++);
    int latin = letters[Script.LATIN.ordinal()] / 5;
    int han = letters[Script.HAN.ordinal()];
    int kana = letters[Script.KANA.ordinal()];
    int other = letters[Script.OTHER.ordinal()] / 2;
    if (han + kana > 0 && han + kana >= latin && han + kana >= other) {
      return kana * 50 > han ? Script.KANA : Script.HAN;
    }
    if (letters[Script.OTHER.ordinal()] > letters[Script.LATIN.ordinal()]) {
      return Script.OTHER;
    }
    return letters[Script.LATIN.ordinal()] > 0 ? Script.LATIN : Script.NONE;
  }

  private static Script of(UnicodeScript script) {
    return switch (script) {
      case LATIN -> Script.LATIN;
      case HAN -> Script.HAN;
      case HIRAGANA, KATAKANA -> Script.KANA;
      case COMMON, INHERITED -> Script.NONE;
      default -> Script.OTHER;
    };
  }
}
