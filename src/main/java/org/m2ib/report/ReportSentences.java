package org.m2ib.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.m2ib.cases.Sentence;
import org.m2ib.report.Headings.Heading;

/**
 * A report's text as sentences, each with its section and exact offsets. Headings, bullets and list
 * numbers are no part of a sentence. What stands before any heading is section {@code ""}.
 *
 * <p>Thread-safe; the same text gives the same sentences on every Java version.
 */
public final class ReportSentences {
  private final Set<String> attributed;
  private final Headings headings;
  private final Predicate<String> fits;

  /**
   * Of sentences of any length.
   *
   * @param sections canonical names of the sections that are attributed, of {@code addendum,
   *     comparison, conclusion, findings, history, impression, indication, recommendation,
   *     signature, technique}; at least one
   * @param headings further headings to one of those sections, besides the English ones; see {@link
   *     HeadingSettings}
   * @throws IllegalArgumentException naming {@code m2ib.report.sections} or {@code
   *     m2ib.report.headings} and the value that is wrong
   */
  public ReportSentences(Set<String> sections, Map<String, String> headings) {
    if (sections.isEmpty()) {
      throw new IllegalArgumentException("m2ib.report.sections names no section");
    }
    this.attributed =
        sections.stream().map(ReportSentences::canonical).collect(Collectors.toUnmodifiableSet());
    this.headings = new Headings(headings, attributed);
    this.fits = sentence -> true;
  }

  private ReportSentences(Set<String> attributed, Headings headings, Predicate<String> fits) {
    this.attributed = attributed;
    this.headings = headings;
    this.fits = fits;
  }

  /**
   * The same, but for sentences that are too long: one is split at its clauses, as far as it has
   * any, and each part is a sentence.
   *
   * @param shortEnough whether a sentence is; if it is, so is all that it begins with
   */
  public ReportSentences fitting(Predicate<String> shortEnough) {
    return new ReportSentences(attributed, headings, shortEnough);
  }

  /** Every sentence of every section, in the report's order. */
  public List<Sentence> all(String text) {
    String plain = PlainText.of(text);
    return split(text, plain, headings.in(plain));
  }

  /**
   * The sentences of the configured sections, with the index and offsets they have in {@link #all}.
   * Many reports have no heading at all. So where no heading of a configured section stands, the
   * text before any heading is the report proper and is attributed; elsewhere it is a title and is
   * not.
   */
  public List<Sentence> attributed(String text) {
    String plain = PlainText.of(text);
    List<Heading> found = headings.in(plain);
    boolean titled = found.stream().anyMatch(h -> attributed.contains(h.section()));
    return split(text, plain, found).stream()
        .filter(s -> s.section().isEmpty() ? !titled : attributed.contains(s.section()))
        .toList();
  }

  private List<Sentence> split(String text, String plain, List<Heading> found) {
    List<Sentence> sentences = new ArrayList<>();
    Heading heading = new Heading("", 0, 0);
    for (int i = 0; i <= found.size(); i++) {
      int end = i < found.size() ? found.get(i).start() : text.length();
      for (Span paragraph : Paragraphs.in(plain, new Span(heading.end(), end))) {
        for (Span whole : SentenceSplit.in(plain, paragraph)) {
          for (Span s : Clauses.in(plain, whole, fits)) {
            sentences.add(
                new Sentence(
                    sentences.size(),
                    heading.section(),
                    text.substring(s.start(), s.end()),
                    s.start(),
                    s.end()));
          }
        }
      }
      heading = i < found.size() ? found.get(i) : heading;
    }
    return sentences;
  }

  private static String canonical(String section) {
    String canonical = Headings.fold(section.strip());
    if (!Headings.SECTIONS.contains(canonical)) {
      throw new IllegalArgumentException(
          "m2ib.report.sections: there is no section \"%s\"; sections are %s"
              .formatted(section, String.join(", ", Headings.SECTIONS)));
    }
    return canonical;
  }
}
