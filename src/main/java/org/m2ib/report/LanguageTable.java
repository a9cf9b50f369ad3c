package org.m2ib.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The rows of one language in {@code languages.txt}, which explains them. */
final class LanguageTable {
  /** Section of the words of languages that are not supported. */
  static final String OTHER = "other";

  /** In other rows, the language's parts of the body. */
  private static final String STRUCTURE = "%structure%";

  private static final Pattern NOTHING = Pattern.compile("(?!)");
  private static final Pattern ACCENTS = Pattern.compile("[\u0300-\u036f]+");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Signs between parts; elsewhere a comma may also stand in a number. */
  private static final Map<Language, String> PART_ENDS =
      Map.of(Language.JAPANESE, "[、,;:]", Language.CHINESE, "[,;:]");

  private static final Map<String, Map<String, List<String>>> SECTIONS = load();
  private static final Map<Language, LanguageTable> ALL = all();

  final Pattern left;
  final Pattern right;
  final Pattern both;
  final Pattern noSide;
  final Pattern oneSided;
  final Pattern denial;
  final Pattern possible;
  final Pattern unclear;
  final Pattern contrast;

  /** Where a part of a sentence ends, over which a denial may not reach. */
  final Pattern partEnd;

  /** Parts of the body. */
  final Pattern structure;

  final Pattern comma;

  /** Dictated ends of a sentence, and those of them that cannot be anything else. */
  final Pattern spokenStop;

  final Pattern spokenEnd;

  final Pattern or;
  final Pattern without;
  final Pattern asserting;

  /** Whether every noun begins with a capital. */
  final boolean capitalNouns;

  /** Whether a denial stands behind all that it denies. */
  final boolean denialLast;

  /** Left and right stem. */
  final List<String[]> swap;

  final Set<String> masculine;
  final Set<String> feminine;
  final Set<String> leading;

  /** Capitals that stand for a side. */
  final Set<String> sideLetters;

  final Set<String> beforeNumber;
  final Set<String> beforeNoun;

  private LanguageTable(Language language) {
    Map<String, List<String>> rows = SECTIONS.getOrDefault(language.code(), Map.of());
    left = pattern(rows, "left", language);
    right = pattern(rows, "right", language);
    both = pattern(rows, "both", language);
    noSide = pattern(rows, "no-side", language);
    oneSided = pattern(rows, "one-sided", language);
    denial = pattern(rows, "denial", language);
    possible = pattern(rows, "possible", language);
    unclear = pattern(rows, "unclear", language);
    contrast = pattern(rows, "contrast", language);
    partEnd =
        Pattern.compile(
            PART_ENDS.getOrDefault(language, "[,:](?=\\s)|;")
                + "|"
                + pattern(rows, "and", language).pattern(),
            Pattern.CASE_INSENSITIVE);
    structure = pattern(rows, "structure", language);
    comma = pattern(rows, "comma", language);
    spokenEnd = pattern(rows, "end", language);
    spokenStop =
        Pattern.compile(
            spokenEnd.pattern() + "|" + pattern(rows, "stop", language).pattern(),
            spokenEnd.flags());
    or = pattern(rows, "or", language);
    without = pattern(rows, "without", language);
    asserting = pattern(rows, "asserting", language);
    capitalNouns = language == Language.GERMAN;
    denialLast = rows.containsKey("asserting");
    swap = words(rows, "swap").stream().map(pair -> pair.split("/")).toList();
    masculine = Set.copyOf(words(rows, "masculine"));
    feminine = Set.copyOf(words(rows, "feminine"));
    leading = Set.copyOf(words(rows, "leading"));
    sideLetters = Set.copyOf(words(rows, "side-letters"));
    beforeNumber = Set.copyOf(words(rows, "before-number"));
    beforeNoun = Set.copyOf(words(rows, "before-noun"));
  }

  static LanguageTable of(Language language) {
    return ALL.get(language);
  }

  /** The language that a tag or name stands for. */
  static Language stated(String tag) {
    String name = fold(tag.strip()).toLowerCase(Locale.ROOT);
    String primary = name.split("[-_]", 2)[0];
    for (Language language : Language.values()) {
      if (language.known()
          && (language.code().equals(primary)
              || words(SECTIONS.get(language.code()), "tags").contains(primary))) {
        return language;
      }
    }
    return Language.UNDETERMINED;
  }

  /** Frequent words by language; those of unsupported ones have {@link #OTHER}. */
  static Map<String, Set<String>> words() {
    Map<String, Set<String>> words = new HashMap<>();
    SECTIONS.forEach(
        (code, rows) -> {
          for (String word : words(rows, "words")) {
            words.computeIfAbsent(word, w -> new HashSet<>()).add(code);
          }
        });
    return words;
  }

  /** The form in which text is compared: without accents, full-width forms and line breaks. */
  static String fold(String text) {
    String plain = ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    plain = Normalizer.normalize(plain, Normalizer.Form.NFKC);
    return BLANKS
        .matcher(plain.replace("ß", "ss").replace('ł', 'l').replace('Ł', 'L').replace('’', '\''))
        .replaceAll(" ");
  }

  /** The same of a sentence in this language: Japanese and Chinese lines break within words. */
  static String fold(String sentence, Language language) {
    String folded = fold(sentence);
    return language.ideographic() ? folded.replace(" ", "") : folded;
  }

  private static Pattern pattern(Map<String, List<String>> rows, String row, Language language) {
    if (!rows.containsKey(row)) {
      return NOTHING;
    }
    String any =
        "(?:"
            + String.join("|", rows.get(row))
                .replace(STRUCTURE, String.join("|", rows.getOrDefault("structure", List.of())))
            + ")";
    return Pattern.compile(
        language.ideographic() ? any : "(?<![\\p{L}\\p{N}_])" + any + "(?![\\p{L}\\p{N}_])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static List<String> words(Map<String, List<String>> rows, String row) {
    return rows.getOrDefault(row, List.of()).stream()
        .flatMap(line -> Arrays.stream(line.split(" +")))
        .toList();
  }

  private static Map<String, Map<String, List<String>>> load() {
    Map<String, Map<String, List<String>>> sections = new HashMap<>();
    Map<String, List<String>> rows = Map.of();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                LanguageTable.class.getResourceAsStream("languages.txt"),
                StandardCharsets.UTF_8))) {
      for (String line; (line = in.readLine()) != null; ) {
        int colon = line.indexOf(": ");
        if (line.startsWith("[")) {
          rows = new HashMap<>();
          sections.put(line.substring(1, line.indexOf(']')), rows);
        } else if (!line.startsWith("#") && colon > 0) {
          rows.computeIfAbsent(line.substring(0, colon), r -> new ArrayList<>())
              .add(line.substring(colon + 2).strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sections;
  }

  private static Map<Language, LanguageTable> all() {
    Map<Language, LanguageTable> all = new EnumMap<>(Language.class);
    for (Language language : Language.values()) {
      all.put(language, new LanguageTable(language));
    }
    return all;
  }
}
