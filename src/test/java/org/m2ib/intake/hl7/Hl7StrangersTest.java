package org.m2ib.intake.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

/** Messages as senders write them that read the standard in their own way. */
class Hl7StrangersTest {
  private static final String HEADER =
      "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102030405||ORU^R01^ORU_R01|MSG1|P|2.5.1";
  private static final String ORDER = "PID|1||P7^^^HOSP^MR\rOBR|1|O1|F1" + "|".repeat(22) + "F\r";

  @TempDir Path dir;
  private final Kept kept = new Kept();
  private Hl7Intake intake;

  @BeforeEach
  void start() {
    intake = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(new Blobs(dir), kept));
  }

  private String send(String message, Charset charset) {
    return new String(intake.answer(message.getBytes(charset)), UTF_8);
  }

  private String text(String observations) {
    assertThat(send(HEADER + "\r" + ORDER + observations, UTF_8)).contains("\rMSA|AA|MSG1");
    return kept.report().text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0085", "\u2028", "\u2029", "\f", "\u000B"})
  void onlyACarriageReturnEndsASegment(String separator) {
    String text =
        text(
            "OBX|1|TX|1||FINDINGS: Clear.||||||F\rOBX|2|TX|1||IMPRESSION: Large"
                + separator
                + "pneumothorax.||||||F\r");
    assertThat(text).isEqualTo("FINDINGS: Clear.\nIMPRESSION: Large\npneumothorax.");
  }

  @Test
  void aWithdrawnObservationBeforeAnEllipsisOfWindowsStaysWithdrawn() {
    String header = HEADER + "||||||8859/1\r";
    String obx =
        "OBX|1|TX|1||Large pneumothorax.||||||D\rOBX|2|TX|1||No pneumothorax\u0085 none.||||||F\r";
    assertThat(send(header + ORDER + obx, ISO_8859_1)).contains("\rMSA|AA|MSG1\r");
    assertThat(kept.report().text()).isEqualTo("No pneumothorax… none.");
  }

  @Test
  void anAddendumSegmentContinuesTheSegmentBeforeIt() {
    assertThat(text("OBX|1|TX|1||Heart lar\rADD|ge and wide.||||||F\rOBX|2|TX|1||Clear.||||||F\r"))
        .isEqualTo("Heart large and wide.\nClear.");
  }

  @Test
  void aDeletedValueIsNoText() {
    assertThat(send(HEADER + "\r" + ORDER + "OBX|1|TX|1||\"\"||||||F\r", UTF_8))
        .contains("\rMSA|AR|MSG1|no report text");
    assertThat(text("OBX|1|TX|1||\"\"||||||F\rOBX|2|TX|1||Clear.||||||F\r")).isEqualTo("Clear.");
  }

  @Test
  void aPartOfAMessageIsRefused() {
    String obx = "OBX|1|TX|1||Heart large.||||||F\r";
    assertThat(send(HEADER + "\r" + ORDER + obx + "DSC|NEXT|F\r", UTF_8))
        .contains("\rMSA|AR|MSG1|a message in several parts", "ERR||DSC^1^1");
    assertThat(send(HEADER + "||NEXT\r" + ORDER + obx, UTF_8))
        .contains("\rMSA|AR|MSG1|a message in several parts", "ERR||MSH^1^14");
    assertThat(send(HEADER + "\r" + ORDER + obx + "DSC|\r", UTF_8)).contains("\rMSA|AA|MSG1");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          8859/2, \\XB3\\, ł
          8859/2, \\XC582\\, ł
          GB 18030-2000, \\XD0C4\\, 心
          8859/15, \\XA4\\, €
          UNICODE UTF-8, \\XDF\\, ß
          """)
  void hexadecimalLettersAreOfTheMessagesCharacterSet(String set, String sent, String letter) {
    String message =
        HEADER + "||||||" + set + "\r" + ORDER + "OBX|1|TX|1||Herz " + sent + ".||||||F\r";
    assertThat(send(message, UTF_8)).contains("\rMSA|AA|MSG1");
    assertThat(kept.report().text()).isEqualTo("Herz " + letter + ".");
  }

  @Test
  void utf8UnderTheNameOfLatin1IsRefused() {
    String message = HEADER + "||||||8859/1\r" + ORDER + "OBX|1|TX|1||Herz größer.||||||F\r";
    assertThat(send(message, UTF_8)).contains("\rMSA|AR|MSG1|the bytes are UTF-8", "ERR||MSH^1^18");
    assertThat(send(message, ISO_8859_1)).contains("\rMSA|AA|MSG1");
    assertThat(kept.report().text()).isEqualTo("Herz größer.");
  }

  @Test
  void aSectionEndsWhereAnotherNameBegins() {
    assertThat(
            text(
                "OBX|1|TX|71046&ADT^CHEST||No fracture.||||||F\rOBX|2|TX|71046^CHEST||Heart large."
                    + "||||||F\rOBX|3|TX|71046^CHEST||Small effusion.||||||F\r"))
        .isEqualTo("ADDENDUM:\nNo fracture.\nREPORT:\nHeart large.\nSmall effusion.");
  }

  @Test
  void aTechniciansCommentIsNoFinding() {
    assertThat(
            text(
                "OBX|1|TX|71020&GDT^CHEST||Clear.||||||F\rOBX|2|TX|71020&TCM^CHEST||Moved."
                    + "||||||F\rOBX|3|TX|71020&IMP^CHEST||Normal.||||||F\r"))
        .isEqualTo("FINDINGS:\nClear.\nTECHNICIAN COMMENT:\nMoved.\nIMPRESSION:\nNormal.");
  }

  @ParameterizedTest
  @CsvSource({"CE,^Cardiomegaly.", "CWE,^^^^^^^^Cardiomegaly.", "CNE,I51.7^Cardiomegaly.^I10"})
  void aCodedImpressionGivesItsText(String type, String value) {
    assertThat(
            text(
                "OBX|1|"
                    + type
                    + "|71020&IMP^CHEST||"
                    + value
                    + "||||||F\rOBX|2|TX|71020&GDT^CHEST||Heart large.||||||F\r"))
        .isEqualTo("IMPRESSION:\nCardiomegaly.\nFINDINGS:\nHeart large.");
  }

  @ParameterizedTest
  @CsvSource({
    "EJ1^^^EPI^EPI~P1^^^HOSP, P1",
    "123456789^^^SSA^SS~P1^^^HOSP^MR, P1",
    "E1^^^HOSP^PI~P1^^^HOSP^MR, P1",
    "P1^^^HOSP~E1^^^EPI^EPI, P1",
    "P1^^^A^MR~P2^^^B^MR, P1",
    "S1^^^A^SS, S1"
  })
  void thePatientsRecordNumberIsWanted(String pid3, String id) {
    send(HEADER + "\rPID|1||" + pid3 + "\rOBR|1||F1\rOBX|1|TX|||t\r", UTF_8);
    assertThat(kept.report().study().patientId()).isEqualTo(id);
  }

  @Test
  void japaneseIsReadAndAnsweredInAscii() {
    String message = "OBX|1|TX|1||FINDINGS: 右下葉に浸潤影。||||||F\r";
    for (String names : new String[] {"ISO IR87", "~ISO IR87", "ASCII~ISO IR87~ISO IR159"}) {
      String header = HEADER + "||||||" + names + "\r";
      byte[] raw = (header + ORDER + message).getBytes(Charset.forName("ISO-2022-JP"));
      assertThat(new String(intake.answer(raw), UTF_8))
          .startsWith("MSH|^~\\&|")
          .contains("AA|MSG1");
    }
    assertThat(kept.reports).hasSize(3).allMatch(r -> r.text().equals("FINDINGS: 右下葉に浸潤影。"));
  }

  @Test
  void aSwitchOfCharacterSetsThatIsNotNamedIsRefused() {
    byte[] raw =
        (HEADER + "\r" + ORDER + "OBX|1|TX|1||右。\r").getBytes(Charset.forName("ISO-2022-JP"));
    assertThat(new String(intake.answer(raw), UTF_8)).contains("MSA|AR|MSG1").contains("MSH^1^18");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OBX|1|TX|71046^XR||||||||U\r"})
  void aFinalWithoutTextIsAboutTheTextOfBefore(String observations) {
    assertThat(send(HEADER + "\r" + ORDER + observations, UTF_8)).contains("MSA|AR|MSG1");
    String preliminary = ORDER.replace("|F\r", "|P\r");
    send(HEADER + "\r" + preliminary + "OBX|1|TX|1||Clear.||||||P\r", UTF_8);
    assertThat(send(HEADER + "\r" + ORDER + observations, UTF_8)).contains("MSA|AA|MSG1\r");
    ReceivedReport last = kept.reports.get(1);
    assertThat(last.status()).isEqualTo(ReportStatus.FINAL);
    assertThat(last.text()).isEqualTo("Clear.");
  }

  @Test
  void apartFromOthersATextOfBeforeIsRefusedNotLost() {
    String obx = "OBX|1|TX|1||||||||U\rOBX|2|TX|1||Normal.||||||F\r";
    assertThat(send(HEADER + "\r" + ORDER + obx, UTF_8))
        .contains("MSA|AR|")
        .contains("OBX^1^5|102");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||%s|MSG1|P|2.5.1\r",
        "\r\n MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||%s|MSG1|P|2.5.1||||||KLINGON\r",
        "FHS|^~\\&\rMSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||%s|MSG1|P|2.5.1\r",
        "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||ADT^A01|MSG1\u00FF|P|2.5.1\r"
      })
  void aRefusalNamesTheMessage(String header) {
    String message = header.formatted("") + ORDER + "OBX|1|TX|1||Clear.\r";
    assertThat(send(message, ISO_8859_1)).contains("\rMSA|AR|MSG1");
  }

  @Test
  void aLineOfThreeCapitalsIsText() {
    assertThat(text("OBX|1|FT|1||FINDINGS:\rPA \rCXR\rClear lungs.||||||F\r"))
        .isEqualTo("FINDINGS:\nPA \nCXR\nClear lungs.");
  }

  @Test
  void aSenderWithoutSubcomponentsIsRead() {
    String header = HEADER.replace("^~\\&", "^~\\") + "\r";
    assertThat(send(header + ORDER + "OBX|1|TX|1||AP & lateral.\r", UTF_8)).contains("AA|MSG1\r");
    assertThat(kept.report().text()).isEqualTo("AP & lateral.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FINDINGS:<br />Heart < 16 cm.<br>No effusion.",
        "<html><body><p><b>FINDINGS:</b></p><p>Heart &lt; 16 cm.</p><div>No effusion.</div></html>",
        "{\\E\\rtf1\\E\\ansi FINDINGS:\\E\\par Heart < 16 cm.\\E\\par {\\E\\b No} effusion.}"
      })
  void markUpIsMadePlain(String markup) {
    assertThat(text("OBX|1|TX|1||" + markup.replace("&", "\\T\\") + "||||||F\r"))
        .isEqualTo("FINDINGS:\nHeart < 16 cm.\nNo effusion.");
  }

  @Test
  void aLessThanSignIsNoMarkUp() {
    assertThat(text("OBX|1|TX|1||Nodule <5 mm, b<c>d.||||||F\r")).isEqualTo("Nodule <5 mm, b<c>d.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%PDF-1.4\n1 0 obj<<>>endobj\n", "PK\u0003\u0004aaaaaaaaaaaaaaa"})
  void aDocumentWithoutATypeIsLeftOutAndTold(String document) {
    String data = Base64.getEncoder().encodeToString(document.getBytes(ISO_8859_1));
    String ed = "OBX|1|ED|1||^^^Base64^" + data + "||||||F\r";
    String tx = "OBX|2|TX|1||" + data + "||||||F\r";
    assertThat(send(HEADER + "\r" + ORDER + ed + tx, UTF_8))
        .contains("MSA|AR|MSG1")
        .contains("OBX 1 is a document", "OBX 2 is a document");
    assertThat(send(HEADER + "\r" + ORDER + ed + tx + "OBX|3|TX|1||Clear.||||||F\r", UTF_8))
        .contains("MSA|AA|MSG1|OBX 1 is a document");
    assertThat(kept.report().text()).isEqualTo("Clear.");
    assertThat(kept.report().notes()).contains("OBX 2");
  }

  @Test
  void controlCharactersAreTakenOutAndTold() {
    String answer =
        send(HEADER + "\r" + ORDER + "OBX|1|TX|1||a\\X00\\b\u0007c\\X000d\\d.\r", UTF_8);
    assertThat(answer).contains("MSA|AA|MSG1|2 control characters were removed");
    assertThat(kept.report().text()).isEqualTo("abc\nd.");
  }

  @ParameterizedTest
  @CsvSource({
    "OBR|1||%s, OBR^1^3",
    "OBR|1|%s|F1, OBR^1^2",
    "OBR|1||F1|||||||||||||||%s, OBR^1^18",
    "ORC|RE||%s;OBR|1, ORC^1^3",
    "OBR|1||F1;IPC|%s, IPC^1^1",
    "PV1|1|O|||||||||||||||||%s;OBR|1||F1, PV1^1^19",
    "PID|1||%s;OBR|1||F1, PID^1^3"
  })
  void anIdentifierThatCannotBeOneIsRefusedWithItsField(String segments, String place) {
    for (String value : new String[] {"9".repeat(5000), "a\\X00\\b", "a\\X1B\\b"}) {
      assertThat(
              send(
                  HEADER + "\r" + segments.replace(";", "\r").formatted(value) + "\rOBX|1|TX|||t\r",
                  UTF_8))
          .contains("MSA|AR|MSG1")
          .contains("ERR||" + place + "|102");
    }
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void timesOfSenderAreKeptAsFarAsTheyAreGiven() {
    String header = HEADER.replace("20260102030405", "20260102030405+0100");
    String order = "OBR|1||F1" + "|".repeat(19) + "20260102\r";
    send(header + "\r" + order + "OBX|1|TX|||t\r", UTF_8);
    assertThat(kept.report().times().issued()).isEqualTo("20260102");
    assertThat(kept.report().times().sent()).isEqualTo("20260102020405");
  }
}
