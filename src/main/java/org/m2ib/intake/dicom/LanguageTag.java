package org.m2ib.intake.dicom;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Languages as PS3.16 CID 5000 codes them (RFC 5646, ISO 639-1, ISO 639-2), as BCP 47. */
final class LanguageTag {
  /** ISO 639-2 codes, three letters: those for terminology, and those for bibliography. */
  private static final Map<String, String> THREE_LETTERS =
      Arrays.stream(Locale.getISOLanguages())
          .filter(two -> two.length() == 2)
          .collect(
              Collectors.toMap(
                  two -> Locale.forLanguageTag(two).getISO3Language(),
                  Function.identity(),
                  (a, b) -> a));

  private static final Map<String, String> BIBLIOGRAPHIC =
      Map.of(
          "ger", "de", "fre", "fr", "dut", "nl", "chi", "zh", "cze", "cs", "gre", "el", "rum", "ro",
          "slo", "sk", "per", "fa");

  private LanguageTag() {}

  /**
   * @param code {@code en}, {@code eng}, {@code en-US}
   * @param country ISO 3166 with two letters, or anything else, which is ignored
   * @return null if the code is no language
   */
  static String of(String code, String country) {
    String[] parts = code.strip().replace('_', '-').split("-", 2);
    String language = parts[0].toLowerCase(Locale.ROOT);
    language = BIBLIOGRAPHIC.getOrDefault(language, THREE_LETTERS.getOrDefault(language, language));
    if (!language.matches("[a-z]{2,3}")) {
      return null;
    }
    String region = parts.length > 1 ? parts[1] : country.strip().toUpperCase(Locale.ROOT);
    return region.matches(parts.length > 1 ? "[A-Za-z0-9-]{2,35}" : "[A-Z]{2}")
        ? language + "-" + region
        : language;
  }
}
