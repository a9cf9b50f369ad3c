package org.m2ib.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The headings of a report. A heading stands on a line of its own, with or without a colon, in any
 * case; or at the start of a line with a colon and its text after it; or, in capitals and with a
 * colon, within a line, since some systems send a report as one line. Asterisks, underscores and
 * hash signs round it (Markdown) belong to it. Two names together ({@code FINDINGS/IMPRESSION}) are
 * one heading.
 */
final class Headings {
  /** Canonical section to the names it goes by in English reports. */
  private static final Map<String, List<String>> ENGLISH =
      Map.of(
          "findings", List.of("findings", "finding", "report", "result", "results"),
          "impression",
              List.of("impression", "impressions", "interpretation", "diagnosis", "assessment"),
          "conclusion", List.of("conclusion", "conclusions", "opinion", "summary"),
          "history",
              List.of(
                  "history",
                  "clinical history",
                  "clinical information",
                  "clinical details",
                  "clinical data"),
          "indication",
              List.of(
                  "indication",
                  "indications",
                  "clinical indication",
                  "clinical question",
                  "reason for exam",
                  "reason for examination",
                  "reason for study"),
          "technique",
              List.of("technique", "procedure", "exam", "examination", "study", "view", "views"),
          "comparison",
              List.of("comparison", "comparisons", "prior study", "prior studies", "priors"),
          "recommendation",
              List.of("recommendation", "recommendations", "advice", "plan", "follow-up"),
          "addendum", List.of("addendum", "addenda"),
          "signature",
              List.of(
                  "signature",
                  "signed by",
                  "electronically signed by",
                  "dictated by",
                  "reported by"));

  /** Canonical names, in alphabetical order. */
  static final Set<String> SECTIONS = new TreeSet<>(ENGLISH.keySet());

  /**
   * @param section canonical name
   * @param start where the heading begins
   * @param end where its section's body begins
   */
  record Heading(String section, int start, int end) {}

  private final Map<String, String> sectionOf = new HashMap<>();
  private final Set<String> preferred;
  private final Pattern pattern;

  /**
   * @param further heading to canonical section; it goes before the English one of the same name
   * @param preferred sections that win in a heading of two names
   */
  Headings(Map<String, String> further, Set<String> preferred) {
    ENGLISH.forEach((section, names) -> names.forEach(name -> sectionOf.put(name, section)));
    further.forEach(
        (heading, section) -> sectionOf.put(name(heading, section), section(heading, section)));
    this.preferred = preferred;
    String names =
        sectionOf.keySet().stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(name -> Pattern.quote(name).replace(" ", "\\E +\\Q"))
            .collect(Collectors.joining("|", "(?iu:", ")"));
    // Bounded look-behind and possessive runs keep the search linear in the report's length.
    pattern =
        Pattern.compile(
            "(?m)(?:(?<line>^[ #*_]*+)|(?<=[^\\p{Lu}\\s] {1,4}[*_]{0,2}))(?<name>"
                + names
                + ")(?: *+(?:/|&|,|(?i:and)(?= )) *+(?<second>"
                + names
                + "))?[ *_]*+(?:(?<colon>:-?)[ *_]*+|(?=\n|\\z))");
  }

  /** The headings in the order they stand in. */
  List<Heading> in(String plain) {
    List<Heading> found = new ArrayList<>();
    Matcher m = pattern.matcher(plain);
    while (m.find()) {
      if (isHeading(plain, m)) {
        found.add(new Heading(section(m), m.start(), m.end()));
      }
    }
    return found;
  }

  private static boolean isHeading(String plain, Matcher m) {
    boolean colon = m.group("colon") != null;
    if (m.group("line") == null) {
      return colon && m.group("name").codePoints().noneMatch(Character::isLowerCase);
    }
    // "... no other significant\nfindings" is a wrapped sentence, no heading.
    return colon
        || !Character.isLowerCase(m.group("name").codePointAt(0))
        || !Paragraphs.isUnfinished(plain, m.start());
  }

  private String section(Matcher m) {
    String first = sectionOf.get(fold(m.group("name")));
    String second = m.group("second") == null ? first : sectionOf.get(fold(m.group("second")));
    return preferred.contains(second) && !preferred.contains(first) ? second : first;
  }

  private static String name(String heading, String section) {
    String name = fold(PlainText.of(heading)).strip().replaceFirst(" *:$", "");
    if (!name.matches("(?s)[\\p{L}\\p{N}](?:.*[\\p{L}\\p{N}])?") || name.contains("\n")) {
      throw new IllegalArgumentException(
          "m2ib.report.headings: \"%s=%s\": a heading is one line that begins and ends with a letter or digit"
              .formatted(heading, section));
    }
    return name;
  }

  private static String section(String heading, String section) {
    String canonical = fold(section.strip());
    if (!SECTIONS.contains(canonical)) {
      throw new IllegalArgumentException(
          "m2ib.report.headings: \"%s=%s\": there is no section \"%s\"; sections are %s"
              .formatted(heading, section, section, String.join(", ", SECTIONS)));
    }
    return canonical;
  }

  /** One form of all that a case-insensitive {@link Pattern} takes for equal. */
  static String fold(String name) {
    return name.codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .replaceAll(" +", " ");
  }
}
