package org.m2ib.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * The language of a report or sentence, as far as this service knows it ({@code languages.txt}).
 * What a language has no rows for has no verdict: see {@link Side#in} and {@link Negation#denies}.
 */
public enum Language {
  ENGLISH("en"),
  GERMAN("de"),
  FRENCH("fr"),
  SPANISH("es"),
  PORTUGUESE("pt"),
  ITALIAN("it"),
  DUTCH("nl"),
  POLISH("pl"),
  JAPANESE("ja"),
  CHINESE("zh"),
  /** Not recognised, or another language. */
  UNDETERMINED("und");

  private final String code;

  Language(String code) {
    this.code = code;
  }

  /** BCP 47; {@code und} if undetermined. */
  public String code() {
    return code;
  }

  /**
   * @param code as of {@link #code}; null or an unknown one is {@link #UNDETERMINED}
   */
  public static Language ofCode(String code) {
    return Arrays.stream(values())
        .filter(language -> language.code.equals(code))
        .findFirst()
        .orElse(UNDETERMINED);
  }

  /** In English, for messages. */
  public String displayName() {
    return this == UNDETERMINED
        ? "not recognised"
        : Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
  }

  /** Whether side and denial are understood. */
  public boolean known() {
    return this != UNDETERMINED;
  }

  /** Whether it is written without blanks between words. */
  boolean ideographic() {
    return this == JAPANESE || this == CHINESE;
  }

  /**
   * The language of a report: as stated, unless its words are of another one. Then it is that one
   * if many are, and undetermined if few. Found from the words if nothing is stated.
   *
   * @param stated as the sender states it: BCP 47, ISO 639-2 or a name ({@code de-CH}, {@code ger},
   *     {@code German}); null or blank if not
   */
  public static Language of(String stated, String report) {
    Language found = Recognition.ofReport(report, Recognition.USUAL);
    if (stated == null || stated.isBlank()) {
      return found;
    }
    Language told = LanguageTable.stated(stated);
    if (!told.known()) {
      return told;
    }
    if (found == told || !found.known() && !Recognition.isUnsupported(report)) {
      return told;
    }
    return Recognition.ofReport(report, Recognition.CERTAIN);
  }

  /**
   * The language of one sentence of a report in this language: this one, unless the sentence's own
   * words or letters say otherwise.
   */
  public Language in(String sentence) {
    return Recognition.ofSentence(sentence, this);
  }
}
