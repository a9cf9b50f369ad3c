package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.m2ib.report.ReportSentences;

class PhantomReportTest {
  private static final ReportSentences SERVICE =
      new ReportSentences(Set.of("findings", "impression"), Map.of());

  @Property(tries = 300)
  void aReportIsTrueAndWhole(@ForAll long seed, @ForAll long words) {
    Phantom phantom = MadePhantoms.any(seed);
    PhantomReport report = PhantomReport.of(phantom, words);
    assertThat(report.sentences()).allMatch(s -> phantom.shows(s.statement()));
    for (Phantom.Located located : phantom.findings()) {
      assertThat(report.findings())
          .filteredOn(s -> s.statement().equals(new Statement(located.finding(), false)))
          .hasSize(1);
    }
    List<FindingType> denied =
        report.findings().stream()
            .filter(s -> s.statement().denied())
            .map(s -> s.statement().finding().type())
            .toList();
    assertThat(denied).hasSizeBetween(1, 3).doesNotHaveDuplicates();
    assertThat(report).isEqualTo(PhantomReport.of(phantom, words));
  }

  @Property(tries = 300)
  void theServiceReadsTheVerySentences(@ForAll long seed, @ForAll long words) {
    PhantomReport report = PhantomReport.of(MadePhantoms.any(seed), words);
    assertThat(SERVICE.attributed(report.text()))
        .extracting(org.m2ib.report.Sentence::text)
        .containsExactlyElementsOf(report.sentences().stream().map(PhantomSentence::text).toList());
    assertThat(report.text())
        .startsWith("PHANTOM, not a patient. Not for diagnostic use.\n")
        .contains("\nFINDINGS:\n", "\nIMPRESSION:\n1. ");
  }

  @Property(tries = 300)
  void aWrongSideMakesOneSentenceFalseAndChangesNoOtherWord(@ForAll long seed) {
    Phantom phantom = MadePhantoms.any(seed);
    PhantomReport report = PhantomReport.of(phantom, seed);
    for (PhantomSentence sentence : report.findings()) {
      if (sentence.statement().finding().side() == PhantomSide.NONE) {
        continue;
      }
      PhantomReport wrong = report.withWrongSide(sentence);
      List<PhantomSentence> untrue =
          wrong.sentences().stream().filter(s -> !phantom.shows(s.statement())).toList();
      assertThat(untrue).hasSize(1);
      assertThat(wrong.sentences()).hasSameSizeAs(report.sentences());
      String said = untrue.get(0).text();
      assertThat(said).isNotEqualTo(sentence.text());
      assertThat(untrue.get(0).mirrored()).isEqualTo(sentence);
      assertThat(said.toLowerCase().replace("left", "right"))
          .isEqualTo(sentence.text().toLowerCase().replace("left", "right"));
    }
  }

  @Property(tries = 300)
  void aDeniedFindingMakesTheReportFalseAboutItAlone(@ForAll long seed) {
    Phantom phantom = MadePhantoms.any(seed);
    PhantomReport report = PhantomReport.of(phantom, seed);
    for (Phantom.Located located : phantom.findings()) {
      PhantomSentence said =
          report.findings().stream()
              .filter(s -> s.statement().finding().equals(located.finding()))
              .findFirst()
              .orElseThrow();
      PhantomReport denying = report.denying(said, seed);
      assertThat(denying.sentences())
          .filteredOn(s -> !phantom.shows(s.statement()))
          .isNotEmpty()
          .allMatch(s -> s.statement().equals(new Statement(located.finding(), true)));
      assertThat(denying.sentences())
          .filteredOn(s -> s.statement().finding().type() == located.finding().type())
          .allMatch(s -> s.statement().denied());
    }
  }

  @Test
  void whatCannotBeMadeWrongIsRefused() {
    Finding oedema = new Finding(FindingType.OEDEMA, PhantomSide.NONE, Zone.NONE);
    PhantomReport report = PhantomReport.of(MadePhantoms.of(1, oedema), 1);
    PhantomSentence said = report.findings().get(0);
    PhantomSentence denied = report.findings().get(1);
    assertThatThrownBy(() -> report.withWrongSide(said)).hasMessage("says no side: " + said.text());
    assertThatThrownBy(() -> report.denying(denied, 1))
        .hasMessage("denied already: " + denied.text());
    PhantomSentence strange = new PhantomSentence("Small nodule.", said.statement());
    assertThatThrownBy(() -> report.denying(strange, 1))
        .hasMessage("not a sentence of this report: Small nodule.");
    assertThatThrownBy(() -> new PhantomReport(report.identity(), List.of(), List.of(said)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyWholeWordsChangeSides() {
    Statement statement =
        new Statement(new Finding(FindingType.EFFUSION, PhantomSide.RIGHT, Zone.NONE), false);
    assertThat(
            new PhantomSentence("Right effusion, bright, in the right lung.", statement)
                .mirrored()
                .text())
        .isEqualTo("Left effusion, bright, in the left lung.");
  }
}
