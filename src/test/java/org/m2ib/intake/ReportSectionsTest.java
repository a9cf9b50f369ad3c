package org.m2ib.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportSectionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"FINDINGS: Clear.", "Findings:\nClear.", "findings\nClear.", "FINDINGS"})
  void aPartThatHasItsHeadingGetsNoSecondOne(String part) {
    assertThat(new ReportSections.Builder().add("FINDINGS", part).text()).isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Findings are stable.", "Findings, none.", "FINDINGSLIKE: Clear."})
  void aSentenceThatBeginsWithTheWordIsNoHeading(String part) {
    assertThat(new ReportSections.Builder().add("FINDINGS", part).text())
        .isEqualTo("FINDINGS:\n" + part);
  }
}
