package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReportSentencesPropertiesTest {
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression"), Map.of());

  /**
   * @param text a piece of a report
   * @param body whether its letters and digits belong to sentences
   */
  record Piece(String text, boolean body) {}

  @Property(tries = 2000)
  void anyTextSplitsIntoSentencesThatStandWhereTheySay(@ForAll("texts") String text) {
    int last = 0;
    List<Sentence> sentences = REPORTS.all(text);
    for (int i = 0; i < sentences.size(); i++) {
      Sentence s = sentences.get(i);
      assertThat(s.index()).isEqualTo(i);
      assertThat(s.start()).isGreaterThanOrEqualTo(last);
      assertThat(s.text())
          .isEqualTo(text.substring(s.start(), s.end()))
          .isEqualTo(s.text().strip());
      assertThat(s.text().codePoints()).anyMatch(Character::isLetterOrDigit);
      last = s.end();
    }
  }

  @Property
  void whatIsAttributedIsPartOfAll(@ForAll("texts") String text) {
    assertThat(REPORTS.attributed(text)).isSubsetOf(REPORTS.all(text));
  }

  @Property(tries = 2000)
  void everyLetterAndDigitButHeadingsAndListNumbersIsInOneSentence(
      @ForAll("reports") List<Piece> pieces) {
    StringBuilder report = new StringBuilder();
    BitSet expected = new BitSet();
    for (Piece piece : pieces) {
      for (int i = 0; piece.body() && i < piece.text().length(); i++) {
        if (Character.isLetterOrDigit(piece.text().charAt(i))) {
          expected.set(report.length() + i);
        }
      }
      report.append(piece.text());
    }
    BitSet covered = new BitSet();
    for (Sentence s : REPORTS.all(report.toString())) {
      IntStream.range(s.start(), s.end())
          .filter(i -> Character.isLetterOrDigit(report.charAt(i)))
          .forEach(covered::set);
    }
    assertThat(covered).as(report.toString()).isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> scraps =
        Arbitraries.of(
            "FINDINGS",
            "impression:",
            "Dr.",
            "No.",
            " ",
            "\n",
            "\r\n",
            "\u00a0",
            "1.",
            "2)",
            "- ",
            "•",
            "*",
            "?",
            "…",
            ".",
            "The",
            "heart",
            "3.4 cm",
            "😀",
            "\ud83d",
            "(",
            ")",
            "/",
            "ſ");
    return Arbitraries.oneOf(
        Arbitraries.strings(), scraps.list().ofMaxSize(30).map(list -> String.join("", list)));
  }

  /** Sections with a heading or without, of paragraphs and list items, of words and stops. */
  @Provide
  Arbitrary<List<Piece>> reports() {
    Arbitrary<String> word =
        Arbitraries.of(
            "heart",
            "Lungs",
            "is",
            "The",
            "No",
            "0.5",
            "cm",
            "3",
            "Dr.",
            "e.g.",
            "No.",
            "T.B.",
            "ärztlich",
            "(see",
            "image)",
            "1.2",
            "?",
            "x",
            "vs.",
            "10:30",
            "\"clear.\"");
    Arbitrary<String> gap = Arbitraries.of(" ", " ", " ", "  ", "\n", "\r\n", "\t", "\u00a0");
    Arbitrary<String> stop = Arbitraries.of(".", "", "?!", "...", "…", ":");
    Arbitrary<Piece> text =
        Combinators.combine(word.list().ofMinSize(1).ofMaxSize(12), gap, gap, stop)
            .as(
                (words, a, b, end) -> {
                  StringBuilder s = new StringBuilder("Seen");
                  for (int i = 0; i < words.size(); i++) {
                    s.append(i % 3 == 2 ? a : b).append(words.get(i));
                  }
                  return new Piece(s + " here" + end, true);
                });
    Arbitrary<Piece> start =
        Arbitraries.of(
                "\n\n",
                "\n\n1. ",
                "\n\n12) ",
                "\n\n(3) ",
                "\n- ",
                "\n* ",
                "\n• ",
                "\nFINDINGS:\n",
                "\n\nImpression\n",
                "\nCLINICAL HISTORY: ",
                "\n**FINDINGS**\n1. ",
                "\nFINDINGS/IMPRESSION: ",
                "\nfindings:\n- ")
            .map(s -> new Piece(s, false));
    return Combinators.combine(start, text)
        .as(List::of)
        .list()
        .ofMaxSize(6)
        .map(blocks -> blocks.stream().flatMap(List::stream).toList());
  }
}
