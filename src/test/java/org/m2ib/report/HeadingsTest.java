package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadingsTest {
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  /** Under a heading of an examination or organ, or the report's own, stands the body. */
  @ParameterizedTest
  @CsvFileSource(resources = "/report/headings.csv", numLinesToSkip = 1, delimiter = ';')
  void aHeadingOfRealReportsNamesItsSection(String heading, String section) {
    for (String form : List.of(heading, heading.toLowerCase(Locale.ROOT), title(heading))) {
      for (String behind : List.of(":\n", ": ", " :  ")) {
        List<ReadReport.Part> parts = REPORTS.read(form + behind + "Seen there as before.").parts();
        assertThat(parts).as(form + behind).hasSize(1);
        ReadReport.Part part = parts.get(0);
        if (section.equals("body")) {
          assertThat(part.attributed()).as(form + behind).isTrue();
        } else {
          assertThat(part.sentence().section()).as(form + behind).isEqualTo(section);
          assertThat(part.sentence().text()).isEqualTo("Seen there as before.");
        }
      }
    }
  }

  private static String title(String heading) {
    return heading.charAt(0) + heading.substring(1).toLowerCase(Locale.ROOT);
  }

  @Test
  void theTableHasNoHeadingInTwoSections() {
    assertThat(HeadingTable.SECTIONS)
        .containsExactly(
            "addendum",
            "administrative",
            "attestation",
            "comparison",
            "conclusion",
            "findings",
            "history",
            "impression",
            "indication",
            "notification",
            "preliminary",
            "recommendation",
            "signature",
            "technique");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FINDINGS The lungs are clear.",
        "FINDINGS - The lungs are clear.",
        "Findings -- The lungs are clear.",
        "1. FINDINGS: The lungs are clear.",
        "A. FINDINGS\nThe lungs are clear.",
        "=== FINDINGS ===\nThe lungs are clear.",
        "[FINDINGS]\nThe lungs are clear.",
        "<b>FINDINGS:</b> The lungs are clear.",
        "<b>Findings</b>: The lungs are clear.",
        "*FINDINGS*: The lungs are clear.",
        "FINDINGS (limited study): The lungs are clear.",
        "Indication: Cough. Findings: The lungs are clear.",
        "INDICATION: Cough FINDINGS: The lungs are clear.",
        "CT CHEST FINDINGS: The lungs are clear.",
        "FINDING(S):\nThe lungs are clear."
      })
  void aHeadingIsFoundHoweverItIsWritten(String report) {
    assertThat(REPORTS.attributed(report))
        .extracting(s -> s.section() + ": " + s.text())
        .containsExactly("findings: The lungs are clear.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Findings are unchanged since the report of last week.",
        "Clear lungs, compared with the prior\nexamination: none was seen.",
        "At 10:30 the tube was placed.",
        "The impression: clear."
      })
  void aSentenceWithSuchWordsIsNone(String report) {
    assertThat(REPORTS.attributed(report)).extracting(Sentence::text).containsExactly(report);
  }

  @Test
  void anUnknownHeadingIsToldWithItsLine() {
    ReadReport read =
        REPORTS.read("FINDINGS: Clear.\nMYSTERY PART: There is an effusion.\nHEART: Normal.");
    assertThat(read.attributed())
        .extracting(Sentence::text)
        .containsExactly("Clear.", "MYSTERY PART: There is an effusion.", "HEART: Normal.");
    assertThat(read.quoting())
        .containsExactly(
            "line 2: unknown heading \"MYSTERY PART\"; the text under it is attributed");
    assertThat(read.forCase()).containsExactly("1 unknown heading (line 2)");
  }
}
