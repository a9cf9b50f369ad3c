package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

class Hl7MedicalDocumentsTest {
  @TempDir Path dir;
  private final Kept kept = new Kept();
  private Hl7Intake intake;

  @BeforeEach
  void start() {
    intake = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(new Blobs(dir), kept));
  }

  private String send(String event, String txa, String text) {
    String message =
        "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||MDM^%s|M1|P|2.5.1\rEVN|%s\rPID|1||P7^^^HOSP^MR\rPV1|1\r%s\r"
            .formatted(event, event, txa);
    return new String(
        intake.answer(
            (message + (text.isEmpty() ? "" : "OBX|1|TX|1||" + text + "||||||F\r"))
                .getBytes(StandardCharsets.UTF_8)),
        StandardCharsets.UTF_8);
  }

  /**
   * @param order TXA-14, TXA-15
   */
  private static String txa(
      String number, String parent, String order, String completion, String availability) {
    return "TXA|1|RAD|TX|||20260101120000||||||%s^RIS|%s|%s||%s||%s"
        .formatted(number, parent, order, completion, availability);
  }

  private ReceivedReport last() {
    return kept.reports.get(kept.reports.size() - 1);
  }

  @Test
  void aDocumentIsAReportOfTheOrderItNames() {
    assertThat(send("T02", txa("D1", "", "O1|A1^RIS", "AU", "AV"), "Clear lungs."))
        .contains("MSA|AA|M1")
        .contains("|ACK^T02^ACK|");
    assertThat(last().study()).isEqualTo(new StudyKey(null, "A1", "RIS", "O1", "P7", "HOSP"));
    assertThat(last().reportId()).isEqualTo("D1");
    assertThat(last().text()).isEqualTo("Clear lungs.");
    assertThat(last().status()).isEqualTo(ReportStatus.FINAL);
    assertThat(last().times().issued()).isEqualTo("20260101120000");
  }

  @Test
  void anOrderSegmentNamesTheStudyBetter() {
    send("T02", "ORC|RE|O2\rOBR|1|O2|F2|||||||||||||||A2\r" + txa("D1", "", "O1|A1", "", ""), "t");
    assertThat(last().study().accessionNumber()).isEqualTo("A2");
    assertThat(last().reportId()).isEqualTo("D1");
  }

  @ParameterizedTest
  @CsvSource({
    "T02,AU,AV,FINAL",
    "T02,LA,,FINAL",
    "T02,,,FINAL",
    "T02,DI,,PRELIMINARY",
    "T02,DO,AV,PRELIMINARY",
    "T02,IP,AV,PRELIMINARY",
    "T02,IN,AV,PRELIMINARY",
    "T02,PA,AV,PRELIMINARY",
    "T02,AU,UN,PRELIMINARY",
    "T02,AU,CA,CANCELLED",
    "T04,AU,OB,CANCELLED",
    "T08,LA,AV,AMENDED",
    "T10,AU,AV,AMENDED",
    "T06,AU,AV,AMENDED",
    "T10,DI,AV,PRELIMINARY",
    "T11,,,CANCELLED",
    "T02,la,av,FINAL"
  })
  void completionAndAvailabilityAreTheStatus(
      String event, String completion, String availability, ReportStatus status) {
    send(
        event,
        txa(
            "D1",
            "",
            "O1|A1",
            completion == null ? "" : completion,
            availability == null ? "" : availability),
        "Clear.");
    assertThat(last().status()).isEqualTo(status);
  }

  @Test
  void aReplacementIsAVersionOfWhatItReplacesHoweverOften() {
    send("T02", txa("D1", "", "O1|A1", "AU", "AV"), "Left.");
    send("T10", txa("D2", "D1", "O1|A1", "AU", "AV"), "Right.");
    send("T10", txa("D3", "D2", "", "AU", "AV"), "Both.");
    assertThat(last().reportId()).isEqualTo("D1");
    assertThat(last().text()).isEqualTo("Both.");
    assertThat(last().study().accessionNumber()).as("as before").isEqualTo("A1");
    send("T11", txa("D3", "", "", "", "CA"), "");
    assertThat(last().reportId()).isEqualTo("D1");
    assertThat(last().status()).isEqualTo(ReportStatus.CANCELLED);
  }

  @Test
  void anAddendumIsReadWithItsReportOnce() {
    send("T02", txa("D1", "", "O1|A1", "AU", "AV"), "Clear.");
    send("T06", txa("D2", "D1", "O1|A1", "AU", "AV"), "Compared with 2024.");
    send("T06", txa("D2", "D1", "O1|A1", "AU", "AV"), "Compared with 2024.");
    assertThat(last().reportId()).isEqualTo("D1");
    assertThat(last().text()).isEqualTo("Clear.\n\nADDENDUM:\nCompared with 2024.");
  }

  @Test
  void aStatusWithoutTextKeepsTheText() {
    send("T02", txa("D1", "", "O1|A1", "DI", "UN"), "Clear.");
    assertThat(send("T03", txa("D1", "", "O1|A1", "LA", "AV"), "")).contains("MSA|AA|M1\r");
    assertThat(last().status()).isEqualTo(ReportStatus.FINAL);
    assertThat(last().text()).isEqualTo("Clear.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"T01", "T03", "T05", "T07", "T09", "T02"})
  void aNotificationWithoutATextThatIsKnownIsAcceptedWithANote(String event) {
    assertThat(send(event, txa("D1", "D0", "O1|A1", "AU", "AV"), ""))
        .contains(
            "MSA|AA|M1|MDM^".replace("^", "\\S\\") + event + " has no text: nothing was kept");
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void aReplacementWithoutItsTextSaysThatTheTextBeforeIsOutOfDate() {
    send("T02", txa("D1", "", "O1|A1", "AU", "AV"), "Clear.");
    assertThat(send("T09", txa("D2", "D1", "O1|A1", "AU", "AV"), "")).contains("out of date");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "T12; TXA|1|RAD|TX|||||||||D1; MSH^1^9^1^2|201",
        "T02; TXA|1|RAD|TX; TXA^1^12|101",
        "T02; PV2|1; TXA^1|101",
        "T02; TXA|1|RAD|TX|||||||||D1; TXA^1^15|101",
        "T02; TXA|1|RAD|TX|||||||||D1||O1|A1||XX; TXA^1^17|101",
        "T02; TXA|1|RAD|TX|||||||||D1||O1|A1||AU||XX; TXA^1^19|101"
      })
  void whatIsNoDocumentIsRefusedByPlace(String event, String txa, String error) {
    assertThat(send(event, txa, "SECRET"))
        .contains("MSA|AR|M1|", "ERR||" + error)
        .doesNotContain("SECRET");
  }
}
