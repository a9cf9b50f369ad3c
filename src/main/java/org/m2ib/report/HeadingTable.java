package org.m2ib.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Maps headings to sections: from {@code headings.txt}, from additional configured headings, and
 * from the words of a heading found in neither.
 */
final class HeadingTable {
  /** Not a section: begins the report's text without saying what it is. */
  static final String REPORT = "report";

  /** Not a section: an organ or part within the findings. */
  static final String LABEL = "label";

  /** Maximum length of a heading. */
  static final int LONGEST = 80;

  private static final int MOST_WORDS = 8;

  private static final Pattern BRACKETS = Pattern.compile("\\([^()]*+\\)|\\[[^\\[\\]]*+\\]");
  private static final Pattern BETWEEN_EAST_ASIAN =
      Pattern.compile("(?<=\\p{IsHan}) (?=\\p{IsHan})");
  private static final Pattern TAG = Pattern.compile("</?\\w{1,6} ?/?>");

  /** F I N D I N G S */
  private static final Pattern SPACED = Pattern.compile("\\p{L}(?: \\p{L}){4,}");

  private static final Pattern NUMBER = Pattern.compile("(?<=\\w) (?:no )?\\d{1,3}$");
  private static final Pattern JOIN = Pattern.compile("\\s*(?:/|,|\\band\\b)\\s*");

  /** Words that classify a heading that is in no table; the first match wins. */
  private static final List<Map.Entry<Pattern, String>> WORDS =
      List.of(
          word("addend(?:um|a|ed)", "addendum"),
          word("attestation|teaching|overread", "attestation"),
          word(
              "(?:e-?)?signed|signature|dictated|transcribed|transcriptionist|finali[sz]ed|verified"
                  + "|authenticated|approved|radiologist|resident|interpreting",
              "signature"),
          word("notif\\w+|communicat\\w+|critical", "notification"),
          word("recommend\\w*|follow-?up", "recommendation"),
          word("wet|preliminary", "preliminary"),
          word(
              "number|mrn|accession|dob|workstation|technologist|physician|code", "administrative"),
          word("comparisons?|priors?|previous", "comparison"),
          word("history|symptoms?|complaint", "history"),
          word("indications?|reason|question", "indication"),
          word("findings?|observations?", "findings"),
          word("impressions?|interpretations?", "impression"),
          word("conclusions?|opinion|summary", "conclusion"),
          word("technique|protocol|dose|contrast", "technique"));

  /** Any of these makes it a sentence instead of a heading. */
  private static final Pattern PROSE =
      Pattern.compile(
          "^(?:the|there|a|an|no|not|this|these|those|in|on|of|is|given|with|without|as|for|see|by"
              + "|at|please|since|i|we|if)\\b"
              + "|\\b(?:is|are|was|were|has|have|had|be|been|shows?|demonstrates?|following|since"
              + "|which|that|seen)\\b");

  private static final Map<String, String> BUILT_IN = load();

  /** Canonical names, in alphabetical order. */
  static final Set<String> SECTIONS = sections();

  private final Map<String, String> sectionOf = new HashMap<>(BUILT_IN);
  private final Set<String> lastWords = new HashSet<>();

  /** Heading to canonical section; an entry overrides the built-in one of the same name. */
  HeadingTable(Map<String, String> further) {
    further.forEach(
        (heading, section) -> sectionOf.put(name(heading, section), section(heading, section)));
    sectionOf.keySet().forEach(name -> lastWords.add(lastWord(name)));
  }

  /**
   * @param heading as written, without its colon
   * @param preferred sections that win if a heading names two
   * @return a section, {@link #REPORT} or {@link #LABEL}; null if unknown
   */
  String section(String heading, Set<String> preferred) {
    String name = NUMBER.matcher(normal(heading)).replaceFirst("");
    String section = sectionOf.get(name);
    if (section == null && name.endsWith("s")) {
      section = sectionOf.get(name.substring(0, name.length() - 1));
    }
    section = section == null && name.indexOf(' ') > 0 ? sectionOf.get(name + "s") : section;
    if (section != null || name.isEmpty()) {
      return section;
    }
    String first = null;
    for (String part : JOIN.split(name)) {
      String one = sectionOf.get(part);
      if (one == null) {
        return null;
      }
      first = first == null || preferred.contains(one) && !preferred.contains(first) ? one : first;
    }
    return first;
  }

  /** Section of a heading that is in no table, by its words; null if they indicate none. */
  static String byItsWords(String heading) {
    String name = normal(heading);
    if (name.split(" ").length > MOST_WORDS || PROSE.matcher(name).find()) {
      return null;
    }
    return WORDS.stream()
        .filter(word -> word.getKey().matcher(name).find())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  static boolean isProse(String heading) {
    String name = normal(heading);
    return name.split(" ").length > MOST_WORDS || PROSE.matcher(name).find();
  }

  /** Whether a heading may end in this word, so that the words before it are worth checking. */
  boolean mayEndIn(String word) {
    return lastWords.contains(word);
  }

  /** Normal form of a heading: lower case, without accents, brackets and signs. */
  static String normal(String heading) {
    String plain = heading.replace("(s)", "s").replace("(S)", "s");
    plain = TAG.matcher(plain).replaceAll(" ");
    plain = BRACKETS.matcher(plain).replaceAll(" ");
    plain = Normalizer.normalize(plain, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
    plain = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('’', '\'');
    plain = plain.replace("&", " and ").replaceAll("[\\s_*#.;:=~<>|\"\\[\\]()]+", " ");
    plain = plain.replaceAll("\\s*([/,])\\s*", "$1").replaceAll("(?<= )-+(?= |$)|^-+|-+$", " ");
    plain = plain.replaceAll(" +", " ").strip();
    plain = BETWEEN_EAST_ASIAN.matcher(plain).replaceAll(""); // 所 見
    return SPACED.matcher(plain).matches() ? plain.replace(" ", "") : plain;
  }

  static String lastWord(String name) {
    return name.substring(name.lastIndexOf(' ') + 1);
  }

  private static Map.Entry<Pattern, String> word(String words, String section) {
    return Map.entry(Pattern.compile("(?<![\\w-])(?:" + words + ")(?![\\w-])"), section);
  }

  private static Map<String, String> load() {
    Map<String, String> sections = new HashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                HeadingTable.class.getResourceAsStream("headings.txt"), StandardCharsets.UTF_8))) {
      for (String line; (line = in.readLine()) != null; ) {
        int colon = line.indexOf(':');
        if (!line.startsWith("#") && colon > 0) {
          for (String heading : line.substring(colon + 1).split(",")) {
            sections.put(normal(heading), line.substring(0, colon));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sections;
  }

  private static Set<String> sections() {
    Set<String> sections = new TreeSet<>(BUILT_IN.values());
    Stream.of(REPORT, LABEL).forEach(sections::remove);
    return sections;
  }

  private static String name(String heading, String section) {
    String plain = PlainText.of(heading).strip().replaceFirst(" *:$", "");
    if (!plain.matches("(?s)[\\p{L}\\p{N}](?:.*[\\p{L}\\p{N}])?") || plain.contains("\n")) {
      throw new IllegalArgumentException(
          "m2ib.report.headings: \"%s=%s\": a heading must be one line and begin and end with a letter or digit"
              .formatted(heading, section));
    }
    return normal(plain);
  }

  private static String section(String heading, String section) {
    String canonical = section.strip().toLowerCase(Locale.ROOT);
    if (!SECTIONS.contains(canonical)) {
      throw new IllegalArgumentException(
          "m2ib.report.headings: \"%s=%s\": unknown section \"%s\"; sections are %s"
              .formatted(heading, section, section, String.join(", ", SECTIONS)));
    }
    return canonical;
  }
}
