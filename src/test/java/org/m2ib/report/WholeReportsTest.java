package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeReportsTest {
  private static final Path TRIED = Path.of("src/test/resources/report/tried");
  private static final ReportSentences REPORTS =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  /** Expected sentences begin with these words. */
  @ParameterizedTest
  @CsvSource({
    "05-body-lost/e04_wet_read.txt,Portable AP radiograph|The right internal|There is",
    "05-body-lost/e37_uk_style.txt,Heart size|There is a 3cm mass|No effusion",
    "05-body-lost/e41_observations.txt,The mediastinal|The lungs|Normal chest",
    "06-addendum-footer-attributed/e25_recommendations_s.txt,New 9 mm",
    "06-addendum-footer-attributed/e26_communication.txt,Large tension|Tension pneumothorax",
    "06-addendum-footer-attributed/e27_critical_results.txt,Free air",
    "06-addendum-footer-attributed/e33_footer_final.txt,No pneumonia",
    "06-addendum-footer-attributed/e34_footer_teaching.txt,Normal|Normal",
    "06-addendum-footer-attributed/e35_signed_reading.txt,Stable cardiomegaly|No overt",
    "06-addendum-footer-attributed/e36_workstation.txt,No acute",
    "06-addendum-footer-attributed/e73_va_style.txt,There are|The heart|No infiltrate|No active",
    "made/academic.txt,The cardiac|Pulmonary|Lungs are|No pleural|No acute",
    "made/views-as-heading.txt,The lungs|Heart is|No disease",
    "made/title-then-text.txt,The heart is enlarged|Lungs",
    "made/letter.txt,The heart is not|There is a small",
    "made/footers.txt,Cardiomegaly",
    "made/numbered-addenda.txt,Cardiomegaly",
    "made/hospital-one-line.txt,The lungs|Normal chest",
    "made/wet-read.txt,AP chest compared|Right PICC|No pneumothorax",
    "made/german.txt,Herz normal|Kein Erguss|Unauff",
    "made/impression-only.txt,No acute disease",
    "made/indication-then-text.txt,Heart size|No effusion"
  })
  void theBodyAndNothingElseIsAttributed(String file, String expected) throws IOException {
    ReadReport read = REPORTS.read(Files.readString(TRIED.resolve(file)));
    String[] starts = expected.split("\\|");
    assertThat(read.attributed()).extracting(Sentence::text).hasSize(starts.length);
    for (int i = 0; i < starts.length; i++) {
      assertThat(read.attributed().get(i).text()).startsWith(starts[i]);
    }
    assertThat(read.parts())
        .allSatisfy(part -> assertThat(part.attributed() || !part.reason().isEmpty()).isTrue());
    assertThat(read.forCase()).first().asString().contains("% of the report is attributed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Electronically signed by Jane Roe, MD on 3/4/2021|signature",
        "Dictated by: Jane Roe|signature",
        "Jane Roe, M.D.|signature",
        "I have personally reviewed the images and agree with the findings.|attestation",
        "I, Dr. Jane Roe, have reviewed the images.|attestation",
        "The attending radiologist has personally reviewed the study.|attestation",
        "Findings were discussed with Dr. Roe at 2:05 PM.|notification",
        "These findings were communicated to the ED by phone.|notification",
        "Dr. Roe was paged at 10:30.|notification",
        "An email was sent to the ordering physician.|notification",
        "Recommend follow-up CT in 6 weeks.|recommendation",
        "Follow-up radiographs are recommended.|recommendation",
        "Clinical correlation is recommended.|recommendation",
        "This report was generated using voice recognition software.|administrative",
        "MRN: 1234567|administrative",
        "03/04/2021 14:11|administrative",
        "Page 1 of 2|administrative",
        "This is a preliminary read.|preliminary"
      })
  void aLineThatIsNoFindingIsLeftOutAmongFindings(String line, String kind) {
    ReadReport read = REPORTS.read("IMPRESSION: No pneumonia.\n\n" + line);
    assertThat(read.attributed()).extracting(Sentence::text).containsExactly("No pneumonia.");
    assertThat(read.parts().get(read.parts().size() - 1).leftOutAs()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Interval removal of the right chest tube.",
        "Reported by clinic as pain, there is no fracture.",
        "Recommend repositioning of the tube, which is in the right main bronchus.",
        "Consider small right apical pneumothorax.",
        "Findings consistent with edema.",
        "Findings are unchanged.",
        "The results of surgery are seen.",
        "Possible early pneumonia.",
        "Follow-up of the nodule shows no growth.",
        "Pneumothorax was discussed in the prior report and has resolved.",
        "May represent atelectasis.",
        "Final position of the tube is good.",
        "Signs of edema.",
        "Right and left hospital gown buttons overlie the chest, no hospital",
        "Chest CT, consultant opinion of pneumonia."
      })
  void aFindingIsNotLostForTheWordsItBeginsWith(String sentence) {
    assertThat(REPORTS.attributed("FINDINGS: " + sentence))
        .extracting(Sentence::text)
        .containsExactly(sentence);
  }

  /** A 1.5 MB report of one sentence, one word, brackets ... costs no more than one of 200 kB. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nodule ",
        "x",
        "X",
        "(",
        ").",
        ". ",
        "A. b ",
        "FINDINGS: ",
        "a:",
        "- \n",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "FINDINGS\n",
        "IMPRESSION: a\n",
        "1. a\n",
        "a\tb\n\n"
      })
  void whatIsMadeOfAReportIsBoundedAndTold(String piece) {
    long[] asked = new long[2];
    for (int i = 0; i < asked.length; i++) {
      AtomicLong characters = new AtomicLong();
      String report = "Clear. " + piece.repeat((750_000 << i) / piece.length());
      ReadReport read =
          REPORTS
              .fitting(
                  s -> {
                    characters.addAndGet(s.length());
                    return true;
                  })
              .read(report);
      asked[i] = characters.get();
      assertThat(read.attributed()).hasSizeBetween(1, ReportSentences.MOST_SENTENCES);
      assertThat(read.parts())
          .allSatisfy(
              p -> {
                assertThat(p.sentence().text().length())
                    .isLessThanOrEqualTo(ReportSentences.LONGEST_SENTENCE);
                assertThat(report.substring(p.sentence().start(), p.sentence().end()))
                    .isEqualTo(p.sentence().text());
              });
      assertThat(read.forCase())
          .anyMatch(note -> note.startsWith("only the first 200,000 of the report's "));
    }
    assertThat(asked).containsOnly(asked[0]);
  }

  @Test
  void listsAreReadByTheirItems() {
    String report =
        "IMPRESSION:\nA. Heart normal.\nB. Lungs clear.\nI. Mass of max. 3.2 cm at approx. T8.\n"
            + "II. No effusion.\nHepatitis\nC. Unchanged.";
    assertThat(REPORTS.attributed(report))
        .extracting(Sentence::text)
        .containsExactly(
            "Heart normal.",
            "Lungs clear.",
            "Mass of max. 3.2 cm at approx. T8.",
            "No effusion.",
            "Hepatitis\nC.",
            "Unchanged.");
  }

  @Test
  void aReportWithoutABodySaysSo() {
    ReadReport read = REPORTS.read("WET READ: No pneumothorax.");
    assertThat(read.attributed()).isEmpty();
    assertThat(read.forCase())
        .isEqualTo(
            List.of(
                "0 % of the report is attributed (0 of 16 characters), left out: preliminary 16",
                "the report has no sentences in the attributed sections; it has none of their headings"
                    + " that is known"));
  }
}
