package org.m2ib.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.m2ib.report.Headings.Form;
import org.m2ib.report.Headings.Heading;
import org.m2ib.report.Stretches.Stretch;

/**
 * Splits a report's text into sentences, each with its section and exact offsets. Headings, bullets
 * and list numbers are not part of a sentence. Text under no heading has section {@code ""}.
 *
 * <p>Thread-safe. The same text gives the same sentences on every Java version. Time and number of
 * results are bounded for any text: see {@link #LONGEST_REPORT}, {@link #LONGEST_SENTENCE}, {@link
 * #MOST_SENTENCES}; a note says when a limit was reached.
 */
public final class ReportSentences {
  /** Maximum number of characters read; the longest public report has some 15,000. */
  public static final int LONGEST_REPORT = 200_000;

  /** Maximum number of characters of a sentence; a longer one is read in parts. */
  public static final int LONGEST_SENTENCE = 1_000;

  /** Maximum number of attributed sentences. */
  public static final int MOST_SENTENCES = 300;

  private final Set<String> attributed;
  private final Headings headings;
  private final Predicate<String> fits;

  /**
   * Accepts sentences of any length.
   *
   * @param sections canonical names of the sections that are attributed, of {@code addendum,
   *     administrative, attestation, comparison, conclusion, findings, history, impression,
   *     indication, notification, preliminary, recommendation, signature, technique}; at least one
   * @param headings additional headings for one of those sections, besides those of {@code
   *     headings.txt}; see {@link HeadingSettings}
   * @throws IllegalArgumentException naming {@code m2ib.report.sections} or {@code
   *     m2ib.report.headings} and the invalid value
   */
  public ReportSentences(Set<String> sections, Map<String, String> headings) {
    if (sections.isEmpty()) {
      throw new IllegalArgumentException(
          "m2ib.report.sections is empty; name at least one section");
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
   * The same, but splits an attributed sentence that is too long at its clauses, as far as it has
   * any; each part is a sentence.
   *
   * @param shortEnough whether a sentence is short enough; if it is, so are all its prefixes
   */
  public ReportSentences fitting(Predicate<String> shortEnough) {
    return new ReportSentences(attributed, headings, shortEnough);
  }

  /** Every sentence of every section, in the report's order. */
  public List<Sentence> all(String text) {
    return read(text).all();
  }

  /** The attributed sentences, with the index and offsets they have in {@link #all}. */
  public List<Sentence> attributed(String text) {
    return read(text).attributed();
  }

  /**
   * Every sentence, and whether it is attributed. Sentences of the configured sections are, except
   * those that are not findings in any section ({@code phrases.txt}). Many reports have no heading
   * for their findings, or none at all. So if no sentence is under findings (or, if that is not
   * configured, under any configured section), text under no heading is the body and is attributed.
   * Otherwise it is a title or belongs to what precedes it, and is not.
   */
  public ReadReport read(String text) {
    return read(text, null);
  }

  /**
   * The same, if the sender states the report's language.
   *
   * @param stated see {@link Language#of}; null if not stated
   */
  public ReadReport read(String text, String stated) {
    int limit = limit(text);
    String plain = PlainText.of(text.substring(0, limit));
    Language language = Language.of(stated, plain);
    List<Heading> found = headings.in(plain);
    List<Draft> drafts = drafts(plain, language, Stretches.of(plain, found, attributed));
    Body body = Body.of(drafts, attributed);
    List<String> notes = new ArrayList<>();
    if (limit < text.length()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "only the first %,d of the report's %,d characters were read",
              limit,
              text.length()));
    }
    List<ReadReport.Part> parts = new ArrayList<>();
    int taken = 0;
    boolean cut = false;
    Set<Integer> attributedLines = new LinkedHashSet<>();
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      Body.Verdict verdict = body.of(i);
      boolean attribute = verdict.leftOutAs().isEmpty();
      cut |= draft.part();
      List<Span> spans =
          attribute && taken < MOST_SENTENCES
              ? Clauses.in(plain, draft.span(), fits)
              : List.of(draft.span());
      for (Span s : spans) {
        Body.Verdict one =
            attribute && taken >= MOST_SENTENCES
                ? new Body.Verdict(
                    verdict.section(),
                    "limit",
                    "beyond the limit of %d sentences per report".formatted(MOST_SENTENCES))
                : verdict;
        taken += attribute ? 1 : 0;
        parts.add(
            new ReadReport.Part(
                new Sentence(
                    parts.size(),
                    one.section(),
                    text.substring(s.start(), s.end()),
                    s.start(),
                    s.end()),
                one.leftOutAs(),
                one.reason()));
      }
      if (attribute) {
        attributedLines.add(draft.stretch().span().start());
      }
    }
    if (cut) {
      notes.add(
          String.format(
              Locale.ROOT,
              "a sentence of more than %,d characters was read in parts",
              LONGEST_SENTENCE));
    }
    if (taken > MOST_SENTENCES) {
      notes.add(
          String.format(
              Locale.ROOT,
              "only the first %2$d of %1$,d sentences are attributed",
              taken,
              MOST_SENTENCES));
    }
    if (taken == 0) {
      boolean headed =
          found.stream().anyMatch(h -> h.form() == Form.KNOWN && attributed.contains(h.section()));
      notes.add(
          "the report has no sentences in the attributed sections"
              + (headed ? "" : "; it has none of their headings that is known"));
    } else if (body.guessed()) {
      notes.add("no heading for the findings: text without a heading is treated as findings");
    }
    if (taken > 0) {
      languageNote(stated, language).ifPresent(notes::add);
    }
    return withUnknown(language, plain, parts, found, attributedLines, notes);
  }

  private static Optional<String> languageNote(String stated, Language language) {
    boolean told = stated != null && !stated.isBlank();
    Language name = told ? LanguageTable.stated(stated) : Language.UNDETERMINED;
    if (!language.known()) {
      return Optional.of(
          "the report's language is %s: sides and denials in its sentences are not checked"
              .formatted(
                  !told
                      ? "not recognised"
                      : name.known()
                          ? "not clearly %s as stated".formatted(name.displayName())
                          : "not supported"));
    }
    return told && name != language
        ? Optional.of(
            "the report is read as %s, not as %s as stated"
                .formatted(language.displayName(), name.displayName()))
        : Optional.empty();
  }

  private static ReadReport withUnknown(
      Language language,
      String plain,
      List<ReadReport.Part> parts,
      List<Heading> found,
      Set<Integer> attributedAt,
      List<String> notes) {
    List<Integer> lines = new ArrayList<>();
    List<String> quoting = new ArrayList<>(notes);
    int line = 1;
    int at = 0;
    for (Heading heading : found) {
      if (heading.form() != Form.UNKNOWN) {
        continue;
      }
      for (; at < heading.start(); at++) {
        line += plain.charAt(at) == '\n' ? 1 : 0;
      }
      lines.add(line);
      if (lines.size() <= 20) {
        int colon = plain.indexOf(':', at);
        quoting.add(
            "line %d: unknown heading \"%s\"; the text under it is%s attributed"
                .formatted(
                    line,
                    plain.substring(at, colon),
                    attributedAt.contains(heading.end()) ? "" : " not"));
      }
    }
    if (!lines.isEmpty()) {
      notes.add(
          "%d unknown heading%s (line %s)"
              .formatted(
                  lines.size(),
                  lines.size() == 1 ? "" : "s",
                  lines.stream().limit(20).map(String::valueOf).collect(Collectors.joining(", "))));
    }
    return new ReadReport(language, parts, lines, List.copyOf(notes), List.copyOf(quoting));
  }

  /**
   * A sentence before the decision whether it is attributed.
   *
   * @param paragraph counted through the report
   * @param part whether it is one of several parts of a sentence that is too long
   * @param beginsLine whether it begins a line and the one before ends in a full stop
   * @param kind section it reads like; null if it may be a finding
   */
  record Draft(
      Span span, Stretch stretch, int paragraph, boolean part, boolean beginsLine, String kind) {}

  private static List<Draft> drafts(String plain, Language language, List<Stretch> stretches) {
    List<Draft> drafts = new ArrayList<>();
    int number = 0;
    for (Stretch stretch : stretches) {
      boolean preamble = Stretches.PREAMBLE.contains(stretch.section());
      for (Span paragraph : Paragraphs.in(plain, stretch.span(), preamble)) {
        number++;
        for (Span whole : SentenceSplit.in(plain, paragraph, language)) {
          List<Span> pieces = pieces(plain, whole);
          for (Span piece : pieces) {
            String said = plain.substring(piece.start(), piece.end());
            String kind = Titles.isExamination(said) ? "title" : Phrases.kind(said);
            boolean begins = number > 0 && beginsLine(plain, piece.start());
            drafts.add(new Draft(piece, stretch, number, pieces.size() > 1, begins, kind));
          }
        }
      }
    }
    return drafts;
  }

  private static boolean beginsLine(String plain, int start) {
    int line = plain.lastIndexOf('\n', start - 1);
    return line > 0
        && plain.substring(line, start).isBlank()
        && !Paragraphs.isUnfinished(plain, line + 1);
  }

  /** A sentence that is too long, split at blanks, or anywhere if there is none. */
  private static List<Span> pieces(String plain, Span sentence) {
    List<Span> pieces = new ArrayList<>();
    int from = sentence.start();
    while (sentence.end() - from > LONGEST_SENTENCE) {
      int cut = from + LONGEST_SENTENCE;
      int blank = Math.max(plain.lastIndexOf(' ', cut), plain.lastIndexOf('\n', cut));
      cut = blank > from + LONGEST_SENTENCE / 2 ? blank : cut;
      cut -= Character.isLowSurrogate(plain.charAt(cut)) ? 1 : 0;
      pieces.add(new Span(from, cut).strip(plain));
      from = cut;
    }
    pieces.add(new Span(from, sentence.end()).strip(plain));
    return pieces.stream().filter(piece -> piece.hasContent(plain)).toList();
  }

  /** Where the part that is read ends, between two characters. */
  private static int limit(String text) {
    boolean between =
        text.length() > LONGEST_REPORT && Character.isLowSurrogate(text.charAt(LONGEST_REPORT));
    return Math.min(text.length(), between ? LONGEST_REPORT - 1 : LONGEST_REPORT);
  }

  private static String canonical(String section) {
    String canonical = Headings.fold(section);
    if (!HeadingTable.SECTIONS.contains(canonical)) {
      throw new IllegalArgumentException(
          "m2ib.report.sections: unknown section \"%s\"; sections are %s"
              .formatted(section, String.join(", ", HeadingTable.SECTIONS)));
    }
    return canonical;
  }
}
