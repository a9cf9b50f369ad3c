package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportSentencesTest {
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  @Test
  void theSampleReportsFindingsAndImpressionAreAttributed() throws IOException {
    String report = Files.readString(Path.of("samples/report.txt"));
    assertThat(REPORTS.attributed(report))
        .extracting(s -> s.index() + " " + s.section() + ": " + s.text())
        .containsExactly(
            "2 findings: The heart is normal in size.",
            "3 findings: The lungs are clear without focal consolidation.",
            "4 findings: No pleural effusion or pneumothorax is seen.",
            "5 findings: The trachea is midline.",
            "6 impression: No acute cardiopulmonary abnormality.");
    assertThat(REPORTS.all(report))
        .extracting(s -> s.section() + ": " + s.text())
        .startsWith("indication: Cough for two weeks.", "comparison: None.");
  }

  @Test
  void offsetsAreThoseOfTheTextAsItCame() {
    assertThat(REPORTS.all("FINDINGS: Clear.\r\n\tNo 𝒜 mass."))
        .containsExactly(
            new Sentence(0, "findings", "Clear.", 10, 16),
            new Sentence(1, "findings", "No 𝒜 mass.", 19, 30));
  }

  @Test
  void aReportWithoutHeadingsIsAttributedWhole() {
    assertThat(REPORTS.attributed("Heart normal. Lungs clear"))
        .extracting(s -> s.section() + ":" + s.text())
        .containsExactly(":Heart normal.", ":Lungs clear");
  }

  @Test
  void aTitleBeforeTheFirstHeadingIsNotAttributed() {
    String report = "CHEST PA AND LATERAL\n\nFINDINGS: Clear.";
    assertThat(REPORTS.attributed(report)).extracting(Sentence::text).containsExactly("Clear.");
    assertThat(REPORTS.all(report)).extracting(Sentence::section).containsExactly("", "findings");
  }

  @Test
  void theTextBeforeAnAddendumIsTheReportWhenNoOtherHeadingStands() {
    assertThat(REPORTS.attributed("Lungs are clear.\nADDENDUM: Called to the ward."))
        .extracting(Sentence::text)
        .containsExactly("Lungs are clear.");
  }

  @Test
  void aTitleIsNotAttributedEvenWhenItsFindingsAreEmpty() {
    assertThat(REPORTS.attributed("Chest radiograph.\nFINDINGS:\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FINDINGS:\n",
        "FINDINGS\n",
        "Findings\n\n",
        "findings:\n",
        "FINDINGS: ",
        "Findings :",
        "FINDINGS:- ",
        "**FINDINGS**\n",
        "**Findings:** ",
        "## Findings\n",
        "\t\u00a0FINDINGS:\u00a0",
        "__FINDINGS__:\r\n",
        "FINDINGS/IMPRESSION: ",
        "FINDINGS AND IMPRESSION:\n",
        "Findings & Impression\n",
        "COMPARISON/FINDINGS: ",
        "RESULT: ",
        "HISTORY: Cough. FINDINGS: "
      })
  void aFindingsHeadingIsRecognisedAndIsNoPartOfASentence(String heading) {
    assertThat(REPORTS.attributed(heading + "The heart is normal."))
        .extracting(s -> s.section() + ": " + s.text())
        .containsExactly("findings: The heart is normal.");
  }

  @ParameterizedTest
  @CsvSource({
    "FINDING,findings",
    "IMPRESSION,impression",
    "IMPRESSIONS,impression",
    "OPINION,conclusion",
    "CONCLUSION,conclusion",
    "CONCLUSIONS,conclusion",
    "HISTORY,history",
    "CLINICAL HISTORY,history",
    "CLINICAL   INFORMATION,history",
    "INDICATION,indication",
    "REASON FOR EXAM,indication",
    "TECHNIQUE,technique",
    "PROCEDURE,technique",
    "COMPARISON,comparison",
    "RECOMMENDATION,recommendation",
    "RECOMMENDATIONS,recommendation",
    "ADDENDUM,addendum",
    "ELECTRONICALLY SIGNED BY,signature"
  })
  void everyUsualHeadingNamesItsSection(String heading, String section) {
    for (String form :
        List.of(heading + ":\n", heading.toLowerCase(Locale.ROOT) + ": ", heading + "\n")) {
      assertThat(REPORTS.all(form + "Some text."))
          .extracting(s -> s.section() + ": " + s.text())
          .containsExactly(section + ": Some text.");
    }
  }

  @Test
  void aReportInOneLineHasItsSections() {
    assertThat(
            REPORTS.all(
                "HISTORY: Cough. FINDINGS: Heart normal. IMPRESSION: 1) Cardiomegaly 2) Small effusion"))
        .extracting(s -> s.section() + ": " + s.text())
        .containsExactly(
            "history: Cough.",
            "findings: Heart normal.",
            "impression: Cardiomegaly",
            "impression: Small effusion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No history of tuberculosis.",
        "There are no other significant\nfindings",
        "Findings are unchanged.",
        "LUNGS: Clear.",
        "Given the history: none known."
      })
  void aWordOfTheTextIsNoHeading(String text) {
    assertThat(REPORTS.all(text)).containsExactly(new Sentence(0, "", text, 0, text.length()));
  }

  @Test
  void configuredHeadingsAreRecognisedBesidesTheEnglishOnes() {
    var german =
        new ReportSentences(
            Set.of("Findings"),
            HeadingSettings.parse(
                List.of("BEFUND = findings", "Ärztliche Beurteilung:=impression")));
    assertThat(
            german.all(
                "Befund: Herz normal.\nÄRZTLICHE  BEURTEILUNG\nUnauffällig.\nTECHNIQUE: p.a."))
        .extracting(s -> s.section() + ": " + s.text())
        .containsExactly("findings: Herz normal.", "impression: Unauffällig.", "technique: p.a.");
    assertThat(german.attributed("Befund: Herz normal.\nOPINION: Normal."))
        .extracting(Sentence::text)
        .containsExactly("Herz normal.");
  }

  @Test
  void aConfiguredHeadingGoesBeforeTheEnglishOneOfItsName() {
    var reports = new ReportSentences(Set.of("impression"), Map.of("OPINION", "impression"));
    assertThat(reports.attributed("OPINION: Normal."))
        .extracting(Sentence::section)
        .containsExactly("impression");
  }

  /** Expected sentences stand between bars; what is outside of them is no part of any. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "|Seen by Dr. Smith.| |Discussed with Mr. J. Smith.| |Clear.|",
        "|Opacities, e.g. Scarring, i.e. old disease vs. Pneumonia.| |Clear.|",
        "|A nodule of approx. 3 cm in segment No. 3 is seen.| |Effusion?| |No.| |Heart normal.|",
        "|It is 0.5 cm.| |The score is 1.2.| |Heart normal|",
        "|A mass of 1.2 x 3.4 cm.| |4 mm nodule.|",
        "|A tube 3 cm. above the carina.| |Heart normal.|",
        "|History of T.B.| |The lungs are clear.|",
        "|Done at 10.30 a.m. on Monday.| |Done at 10:45.| |Clear.|",
        "|Unchanged...| |Heart normal…| |Lungs clear.|",
        "|Unchanged... but larger.| |Really?!| |Yes!|",
        "|Left base ? consolidation.| |? Effusion.|",
        "|He said \"clear.\"| |(Seen before.)| |Heart [see image.]| |Normal.|",
        "|Hepatitis C.| |No cirrhosis.|",
        "|lungs clear.| |no effusion.| |approx. 3 cm. nodule.|",
        "|LUNGS ARE CLEAR.| |SEEN BY DR. SMITH.| |NO EFFUSION.|",
        "|Lungs are clear.||The heart is normal.|",
        "|Clear.| |😀 Heart normal.| |𝒜ll normal.|",
        "|Clear.|\u00a0|Heart\u00a0is normal.|\t|Lungs\tclear|",
        "|所見なし。||異常なし。|",
        "|The heart is normal in size and the lungs\nare clear.| |No pleural effusion or\r\npneumothorax|",
        "|Heart normal|\n\n|Lungs clear|\n \t\n|No effusion|",
        "|Heart normal|\n-----\n|Lungs clear|",
        "1. |Cardiomegaly|\n2. |Small effusion at approx.\n3 cm|\n10) |Clear|",
        "1.\n|No acute disease.|\n(2) |Stable.|\n3.|None.|",
        "- |Heart normal|\n* |Lungs clear.| |No effusion.|\n•|Bones normal|\n\u2013 |Clear|\n-|Stable|",
        "- 1. |Heart normal.|",
        "1. |Nodule in the right lobe|\n   a. |Stable.|\n   b) |Small|",
        "|Known to St. Elsewhere.| |Rt. Lung clear.|",
        "|As follows:|\n1. |Effusion.| 2. |Stable.| 3. |5 mm nodule.|",
        "|A nodule of size\n12.| |Heart normal.|",
        "1) |Nodule (series 2) Stable| 2) |Effusion|",
        "|Effusion| • |Heart normal|",
        "|-0.5 is the score.| |2.5 cm nodule.|",
        "|Lung-RADS?| |2.|",
        "  ... |Clear.|  --- *** "
      })
  void sentencesEndWhereAReaderEndsThem(String marked) {
    String text = marked.replace("|", "");
    List<String> expected = new ArrayList<>();
    String[] parts = marked.split("\\|", -1);
    for (int i = 1; i < parts.length; i += 2) {
      expected.add(parts[i]);
    }
    assertThat(REPORTS.all(text)).extracting(Sentence::text).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "   ", "\n\n", "...", "- \n* \n•", "FINDINGS:\n\nIMPRESSION:", "\ud83d"})
  void whereNothingIsToReadThereIsNoSentence(String text) {
    assertThat(REPORTS.all(text)).isEmpty();
    assertThat(REPORTS.attributed(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ". ",
        "*",
        ".",
        "A. b ",
        "•",
        "1. ",
        "1) A ",
        "( 1) A ",
        "\n",
        " ",
        "FINDINGS ",
        "findings:",
        "ab.Cd",
        "...x",
        "A\u00a0. . b",
        "\n   findings",
        "- "
      })
  void aLongReportOfAnyKindIsSplitInTimeInProportionToItsLength(String piece) {
    String report = "A" + piece.repeat(ReportSentences.LONGEST_REPORT / piece.length()) + " b";
    // a fraction of a second; of a time in proportion to its square it would be minutes
    Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> REPORTS.all(report));
  }

  @Test
  void aSectionThatDoesNotExistIsRefusedByName() {
    assertThatThrownBy(() -> new ReportSentences(Set.of("fidnings"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("m2ib.report.sections", "fidnings", "findings, history");
    assertThatThrownBy(() -> new ReportSentences(Set.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("m2ib.report.sections");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEFUND",
        "=findings",
        "BEFUND=",
        "BEFUND=fidnings",
        ":=findings",
        "A\nB=findings"
      })
  void aHeadingSettingOfAnotherFormIsRefusedByName(String setting) {
    assertThatThrownBy(
            () -> new ReportSentences(Set.of("findings"), HeadingSettings.parse(List.of(setting))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("m2ib.report.headings", setting);
  }

  @Test
  void aHeadingGivenTwiceIsRefused() {
    assertThatThrownBy(() -> HeadingSettings.parse(List.of("A=findings", "A=history")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("m2ib.report.headings", "A=history");
  }

  @Test
  void aSentenceThatIsTooLongIsSplitAtItsStrongestClausesWithExactOffsets() {
    String report =
        "FINDINGS: Small left effusion, unchanged; the heart is large, and the aorta is wide. "
            + "Lines in place.\nIMPRESSION: Small effusion and a wide aorta and no pneumothorax,"
            + " edema, mass. "
            + "X".repeat(50)
            + ", clear.";
    List<Sentence> parts = inParts(report, 40);
    assertThat(parts)
        .extracting(Sentence::text)
        .containsExactly(
            "Small left effusion, unchanged;",
            "the heart is large,",
            "and the aorta is wide.",
            "Lines in place.",
            "Small effusion and a wide aorta",
            "and no pneumothorax, edema, mass.",
            "X".repeat(50) + ",", // as far as it can be divided
            "clear.");
    assertThat(parts)
        .allSatisfy(s -> assertThat(report.substring(s.start(), s.end())).isEqualTo(s.text()))
        .extracting(Sentence::index)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(parts).extracting(Sentence::section).startsWith("findings").endsWith("impression");
  }

  @Test
  void aSentenceThatFitsOrHasNoClausesIsNotSplit() {
    String one = "Small left effusion, unchanged; and the heart is large.";
    assertThat(inParts(one, one.length())).extracting(Sentence::text).containsExactly(one);
    String whole = "Bandlike opacities, 1,500 handles;none.";
    assertThat(inParts(whole.replace(", ", " "), 5))
        .extracting(Sentence::text)
        .containsExactly(whole.replace(", ", " "));
  }

  /** The model's tokeniser says whether a text fits, which takes as long as the text is. */
  @Test
  void aVeryLongSentenceIsNotAskedAboutAgainAndAgain() {
    String report = "small nodule, ".repeat(1000) + "no more.";
    AtomicLong asked = new AtomicLong();
    ReportSentences reports =
        new ReportSentences(Set.of("findings"), Map.of())
            .fitting(
                text -> {
                  asked.addAndGet(text.length());
                  return text.length() <= 40;
                });
    assertThat(reports.attributed(report)).hasSize(ReportSentences.MOST_SENTENCES);
    assertThat(asked.get()).isLessThan(5L * report.length());
  }

  private static List<Sentence> inParts(String report, int longest) {
    return new ReportSentences(Set.of("findings", "impression"), Map.of())
        .fitting(text -> text.length() <= longest)
        .attributed(report);
  }
}
