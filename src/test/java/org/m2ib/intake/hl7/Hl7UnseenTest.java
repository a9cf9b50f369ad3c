package org.m2ib.intake.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
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
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

/** What a message may say that no sender here has said yet. */
class Hl7UnseenTest {
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

  private String send(String message) {
    return new String(intake.answer(message.getBytes(UTF_8)), UTF_8);
  }

  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      byte[] bytes = part instanceof byte[] given ? given : part.toString().getBytes(ISO_8859_1);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"|^~\\&", "|^~\\&#", "$%~\\&", "|;*!?", "!@#$%", "\u00A7^~\\&"})
  void anySeparatorsAreTaken(String signs) {
    String message =
        (HEADER + "\r" + ORDER + "OBX|1|TX|1^T&X||AP \\T\\ lateral.\\.br\\Clear.~No mass.||||||F\r")
            .replace("^~\\&", "\u0001\u0002\u0003\u0004")
            .replace('|', '\u0005')
            .replace('^', '\u0001')
            .replace('~', '\u0002')
            .replace('\\', '\u0003')
            .replace('&', '\u0004')
            .replace("\u0001\u0002\u0003\u0004", signs.substring(1))
            .replace('\u0005', signs.charAt(0))
            .replace('\u0001', signs.charAt(1))
            .replace('\u0002', signs.charAt(2))
            .replace('\u0003', signs.charAt(3))
            .replace('\u0004', signs.charAt(4));
    assertThat(send(message)).contains("\rMSA|AA|MSG1\r");
    assertThat(kept.report().text())
        .isEqualTo("AP " + signs.charAt(4) + " lateral.\nClear.\nNo mass.");
    assertThat(kept.report().study().patientId()).isEqualTo("P7");
  }

  @ParameterizedTest
  @CsvSource({
    "8859/15, ISO-8859-15",
    "ISO IR100, ISO-8859-1",
    "ISO_IR 100, ISO-8859-1",
    "ISO8859-1, ISO-8859-1",
    "windows-1252, windows-1252",
    "UNICODE, UTF-8",
    "ISO_IR 192, UTF-8",
    "GB 18030-2000, GB18030"
  })
  void aCharacterSetIsKnownByItsManyNames(String name, String charset) {
    byte[] raw =
        (HEADER + "||||||" + name + "\r" + ORDER + "OBX|1|TX|1||Ödem.||||||F\r")
            .getBytes(Charset.forName(charset));
    assertThat(new String(intake.answer(raw), ISO_8859_1)).contains("\rMSA|AA|MSG1\r");
    assertThat(kept.report().text()).isEqualTo("Ödem.");
  }

  /** Katakana of one byte (ISO IR13), kanji of two (ISO IR87) and ASCII in one line. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ISO IR14~ISO IR87", "ISO IR13~ISO IR87", "~ISO IR87", "ISO IR6~ISO IR87"})
  void japaneseOfOneAndTwoBytesIsRead(String names) {
    byte[] katakana = {(byte) 0xBA, (byte) 0xBA, (byte) 0xDB};
    byte[] raw =
        bytes(
            HEADER + "||||||" + names + "\r" + ORDER + "OBX|1|TX|1||",
            katakana,
            "\\.br\\\u001B(I:\u001B(J \u001B$B1&\u001B(B A||||||F\r");
    assertThat(new String(intake.answer(raw), US_ASCII))
        .startsWith("MSH|^~\\&|")
        .contains("\rMSA|AA|MSG1\r");
    assertThat(kept.report().text()).isEqualTo("ｺｺﾛ\nｺ 右 A");
  }

  @Test
  void koreanAndChineseSwitchesAreRead() {
    byte[] raw =
        bytes(
            HEADER + "||||||~ISO IR149~ISO IR58\r" + ORDER + "OBX|1|TX|1||\u001B$)C",
            "정상".getBytes(Charset.forName("EUC-KR")),
            " \u001B$)A",
            "正常".getBytes(Charset.forName("GB2312")),
            "||||||F\r");
    assertThat(new String(intake.answer(raw), ISO_8859_1)).contains("MSA|AA|MSG1\r");
    assertThat(kept.report().text()).isEqualTo("정상 正常");
  }

  @Test
  void aSwitchToAnUnknownSetIsRefused() {
    byte[] raw = bytes(HEADER + "||||||~ISO IR87\r" + ORDER + "OBX|1|TX|1||a\u001B$Zbc||||||F\r");
    assertThat(new String(intake.answer(raw), US_ASCII)).contains("AR|MSG1").contains("MSH^1^18");
  }

  @Test
  void aMarkOfByteOrderHidesNoHeader() {
    assertThat(send("\uFEFF" + HEADER + "\r" + ORDER + "OBX|1|TX|1||Clear.\r"))
        .contains("MSA|AA|MSG1\r");
    assertThat(send("\uFEFF" + HEADER + "||||||NONE\r" + ORDER)).contains("MSA|AR|MSG1");
  }

  @ParameterizedTest
  @CsvSource({"ADT^A01,A01", "SIU^S12,S12", "ORU^R32,R32", "QBP^Q11,Q11"})
  void anotherMessageIsRefusedWithItsOwnTrigger(String type, String trigger) {
    String message = (HEADER + "\r" + ORDER).replace("ORU^R01^ORU_R01", type);
    assertThat(send(message)).contains("|ACK^" + trigger + "^ACK|", "MSA|AR|MSG1", "ERR||MSH^1^9");
  }

  @Test
  void twoMessagesInOneFrameAreAnsweredOneByOneAndNotMixed() {
    String one = HEADER + "\r" + ORDER + "OBX|1|TX|1||Clear.\r";
    String other = one.replace("MSG1", "MSG2").replace("Clear.", "Effusion.");
    assertThat(send(one + other))
        .containsSubsequence("BHS|", "MSA|AA|MSG1", "MSA|AA|MSG2", "BTS|2\r");
    assertThat(kept.reports)
        .extracting(report -> report.text())
        .containsExactly("Clear.", "Effusion.");
  }

  @Test
  void aMessageThatAReportQuotesIsNotABatch() {
    String quoting = "OBX|1|TX|1||The RIS had sent:\nMSH:^~\\&:X\nClear.\r";
    assertThat(send(HEADER + "\r" + ORDER + quoting)).startsWith("MSH|").contains("MSA|A");
  }

  @Test
  void theTextOfACancelledOrderIsNotReadWithThatOfAnother() {
    String cancelled = "OBR|2|O1|F1" + "|".repeat(22) + "X\rOBX|1|TX|1||Large mass.||||||F\r";
    send(HEADER + "\r" + ORDER + "OBX|1|TX|1||Clear.||||||F\r" + cancelled);
    assertThat(kept.report().text()).isEqualTo("Clear.");
    assertThat(kept.report().status()).isEqualTo(ReportStatus.FINAL);
  }

  @Test
  void codesInSmallLettersMeanTheSame() {
    String order = ORDER.replace("F\r", "c\r");
    send(HEADER + "\r" + order + "OBX|1|tx|1||Mass.||||||d\rOBX|2|tx|1||Clear.||||||f\r");
    ReceivedReport report = kept.report();
    assertThat(report.text()).isEqualTo("Clear.");
    assertThat(report.status()).isEqualTo(ReportStatus.AMENDED);
  }

  @Test
  void whatIsLeftOutIsToldAndMeasurementsAreNot() {
    String answer =
        send(
            HEADER
                + "\r"
                + ORDER
                + "NTE|1||Called.\r"
                + "OBX|1||1||Clear.||||||F\r"
                + "OBX|2|NM|2||5|mm|||||F\r"
                + "OBX|3|RP|3||a^b||||||F\r"
                + "OBX|4|ZZ|4||odd||||||F\r"
                + "OBX|5|CE|5||a^b||||||F\r");
    assertThat(answer)
        .contains("MSA|AA|MSG1|")
        .contains(
            "OBX 3 refers to a document",
            "OBX 4 has an unknown type",
            "OBX 5 is coded",
            "a note (NTE)")
        .doesNotContain("OBX 2");
    assertThat(kept.report().text()).isEqualTo("Clear.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"^TEXT^plain^A^Clear.", "^text^^Base64^Q2xlYXIu", "^TX^TXT^Hex^436C6561722E"})
  void encapsulatedTextIsReadInEachEncoding(String data) {
    send(HEADER + "\r" + ORDER + "OBX|1|ED|1||" + data + "||||||F\r");
    assertThat(kept.report().text()).isEqualTo("Clear.");
  }

  @Test
  void formattingIsMadePlain() {
    send(
        HEADER
            + "\r"
            + ORDER
            + "OBX|1|FT|1||\\H\\Heart\\N\\ large\\.sp 2\\\\.in+4\\\\.ti\\\\.nf\\Lungs\\.ce\\clear"
            + "\\.fi\\\\.sk 2\\now\\F\\\\S\\\\T\\\\R\\\\E\\\\P\\\\Zlocal\\.\\X0D\\\\X0A\\End"
            + "\\.sp\\.||||||F\r");
    assertThat(kept.report().text()).isEqualTo("Heart large\n\nLungs\nclear  now|^&~\\#.\nEnd\n.");
  }

  /** NDL, XCN as many send it, several, and none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1234&LOVELACE&ADA^202601020304 ; 1234,LOVELACE^ADA",
        "1234&LOVELACE&ADA&&&Dr. ; 1234,LOVELACE^ADA",
        "1234^LOVELACE^ADA ; 1234,LOVELACE^ADA",
        "^LOVELACE^ADA ; LOVELACE^ADA",
        "1234^202601020304^202601020305 ; 1234",
        "1234&LOVELACE&ADA|77&HOPPER&GRACE~78&NOETHER ;"
            + " 1234,LOVELACE^ADA,77,HOPPER^GRACE,78,NOETHER",
        "'' ; ''"
      })
  void whoInterpretedTheResultsIsKept(String field, String authors) {
    String order = ORDER.strip() + "|".repeat(7) + field + "\r";
    assertThat(send(HEADER + "\r" + order + "OBX|1|TX|1||Clear.||||||F\r"))
        .contains("\rMSA|AA|MSG1\r");
    assertThat(String.join(",", kept.report().authors())).isEqualTo(authors);
  }
}
