package org.m2ib.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises sentences that are not findings in any section by their beginning: signatures,
 * attestations, notifications, dictation footers, identifiers, bare recommendations. The table is
 * {@code phrases.txt}.
 */
final class Phrases {
  /** The rest of a sentence makes no difference and would take time. */
  private static final int LOOKED_AT = 300;

  /** Sentences of these kinds may also name a finding, and then count as one. */
  private static final Set<String> MAY_NAME_A_FINDING = Set.of("notification", "recommendation");

  private static final Pattern FINDING =
      Pattern.compile(
          "\\b(?:right (?!away|now)|left (?!with|for|at|a|on|message|voice)|\\w+ lobe"
              + "|\\d(?:[.,]\\d+)? ?[cm]m\\b|which|given|because)",
          Pattern.CASE_INSENSITIVE);

  private record Phrase(String kind, Pattern start) {}

  private static final List<Phrase> ALL = load();

  private Phrases() {}

  /**
   * @return the section that the sentence belongs to; null if it may be a finding
   */
  static String kind(String sentence) {
    String start =
        sentence.substring(0, Math.min(sentence.length(), LOOKED_AT)).replaceAll("\\s+", " ");
    Matcher finding = FINDING.matcher(start);
    for (Phrase phrase : ALL) {
      if (phrase.start().matcher(start).lookingAt()
          && !(MAY_NAME_A_FINDING.contains(phrase.kind()) && finding.reset().find())) {
        return phrase.kind();
      }
    }
    return null;
  }

  private static List<Phrase> load() {
    List<Phrase> phrases = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Phrases.class.getResourceAsStream("phrases.txt"), StandardCharsets.UTF_8))) {
      for (String line; (line = in.readLine()) != null; ) {
        int tab = line.indexOf('\t');
        if (!line.startsWith("#") && tab > 0) {
          phrases.add(
              new Phrase(
                  line.substring(0, tab),
                  Pattern.compile(
                      "[\\s*_(\\[<>=~-]{0,8}(?:"
                          + line.substring(tab + 1).replace("\\p{Lu}", "(?-i:\\p{Lu})")
                          + ")",
                      Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
        }
      }
      return List.copyOf(phrases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
