package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.Logged;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;
import org.m2ib.results.SampleResults;
import org.m2ib.results.hl7.Hl7Version;
import org.m2ib.results.hl7.ResultMessage;

class Hl7IntakeTest {
  private static final String HEADER =
      "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102030405||ORU^R01^ORU_R01|MSG1|P|2.5.1\r";
  private static final String PATIENT = "PID|1||P7^^^HOSP^MR~X9^^^OTHER^PI||Doe^Jane\r";

  @TempDir Path dir;
  private final Kept kept = new Kept();
  private Blobs blobs;
  private Hl7Intake intake;

  @BeforeEach
  void start() {
    blobs = new Blobs(dir);
    intake = intake(Set.of(), List.of());
  }

  private Hl7Intake intake(Set<String> facilities, List<String> authorities) {
    Hl7Settings settings = TestHl7Settings.from(facilities, authorities);
    return new Hl7Intake(settings, new ReportIntake(blobs, kept));
  }

  private String send(String message) {
    return send(message, StandardCharsets.UTF_8);
  }

  private String send(String message, Charset charset) {
    return new String(intake.answer(message.getBytes(charset)), charset);
  }

  private ReceivedReport report(String afterPatient) {
    assertThat(send(HEADER + PATIENT + afterPatient)).contains("\rMSA|AA|MSG1");
    return kept.report();
  }

  private static String resource(String name) throws IOException {
    try (var in = Hl7IntakeTest.class.getResourceAsStream("/hl7/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r");
    }
  }

  @Test
  void resultsOfThisServiceThatComeBackAreNoReport() {
    String own =
        new ResultMessage(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ZoneOffset.UTC)
            .of(
                Hl7Version.USUAL,
                "MSG1",
                UUID.randomUUID(),
                false,
                List.of(
                    new ResultMessage.Item(
                        SampleResults.of(0, "Clear."), false, DicomObject.create())),
                Instant.EPOCH);
    assertThat(send(own)).contains("\rMSA|AA|MSG1|these are results of this service, not a report");
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void aWholeMessageBecomesAReport() throws IOException {
    String message = resource("chest-final.hl7");
    assertThat(send(message)).contains("\rMSA|CA|CHEST0001\r").contains("|RIS|NORTH|");
    ReceivedReport report = kept.report();
    assertThat(report.study())
        .isEqualTo(
            new StudyKey("1.2.826.0.1.3680043.10.1.7", "A1001", null, "ORD77", "P100", "NORTH"));
    assertThat(report.reportId()).isEqualTo("F555");
    assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
    assertThat(report.source()).isEqualTo("hl7");
    assertThat(report.text())
        .isEqualTo(
            """
            INDICATION:
            Cough & fever.
            FINDINGS:
            Heart size is normal.
            There is an opacity in the right lower lobe, 2.5 cm.
            No pleural effusion.
            IMPRESSION:
            1. Right lower lobe pneumonia.
            2. Follow up in 6 weeks.""");
    assertThat(blobs.bytes(report.blob())).isEqualTo(message.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDefectIsLoggedWithItsTraceAndWithoutItsMessage() throws Exception {
    kept.defect = "Doe^John";
    String message = HEADER + PATIENT + "OBR|1|O1|F1\rOBX|1|TX|1||Clear.||||||F\r";
    String log =
        Logged.by(Hl7Intake.class, () -> assertThat(send(message)).contains("MSA|AR|MSG1"));
    assertThat(log)
        .contains("IllegalStateException", "at org.m2ib.intake.hl7.Hl7Intake.answer")
        .doesNotContain("Doe");
  }

  @Test
  void theLanguageIsThatOfTheMessageWhereItNamesOne() {
    int fields = HEADER.strip().split("\\|", -1).length; // MSH-1 is the separator
    String header = HEADER.strip() + "|".repeat(19 - fields) + "de^German^ISO639\r";
    send(header + PATIENT + "OBR|1|O1|F1\rOBX|1|TX|1||Clear.||||||F\r");
    assertThat(kept.report().language()).isEqualTo("de");
  }

  @Test
  void theVisitIsThatOfItsPatient() {
    String visit = "PV1|1|O|||||||||||||||||V-19^^^HOSP\r";
    ReceivedReport report = report(visit + "OBR|1|O1|F1\rOBX|1|TX|1||Clear.||||||F\r");
    assertThat(report.study().visitNumber()).isEqualTo("V-19");
    assertThat(report.language()).as("not named").isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9"})
  void everyVersionIsRead(String version) {
    String message =
        HEADER.replace("|2.5.1", "|" + version) + "OBR|1|O1|F1\rOBX|1|TX|1||Clear lungs.||||||F\r";
    assertThat(send(message)).contains("\rMSA|AA|MSG1\r").contains("|P|" + version);
    assertThat(kept.report().study().accessionNumber()).isEqualTo("F1");
  }

  @Test
  void aMessageTypeWithoutEventIsReadAsOldVersionsWroteIt() {
    String message = HEADER.replace("ORU^R01^ORU_R01", "ORU").replace("2.5.1", "2.1");
    assertThat(send(message + "OBR|1|O1|F1\rOBX|1|TX|1||Clear.||||||F\r")).contains("MSA|AA");
  }

  @Test
  void theAccessionNumberIsTakenFromTheBestPlace() {
    assertThat(report("OBR|1|O1^X|F1^RIS|||||||||||||||A1\rOBX|1|TX|||t\r").study())
        .isEqualTo(new StudyKey(null, "A1", null, "O1", "P7", "HOSP"));
  }

  @Test
  void withoutOneTheFillerOrderNumberIsTheAccessionNumber() {
    assertThat(report("ORC|RE|O2|F2^RIS\rOBR|1\rOBX|1|TX|||t\r").study())
        .isEqualTo(new StudyKey(null, "F2", "RIS", "O2", "P7", "HOSP"));
  }

  @Test
  void anImagingProcedureSegmentNamesTheStudyBest() {
    assertThat(report("OBR|1||F1\rOBX|1|TX|||t\rIPC|A9^PACS|RP1^X|1.2.3.4^X|SPS1\r").study())
        .isEqualTo(new StudyKey("1.2.3.4", "A9", "PACS", null, "P7", "HOSP"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ZDS|1.2.3.4^RIS^Application^DICOM\r",
        "OBX|2|HD|113014^DICOM Study^DCM||1.2.3.4\r",
        "OBX|2|ST|110180^Study Instance UID^DCM||1.2.3.4\r"
      })
  void theStudyUidIsFoundWhereSendersPutIt(String segment) {
    ReceivedReport report = report("OBR|1\rOBX|1|TX|||Clear.\r" + segment);
    assertThat(report.study().studyInstanceUid()).isEqualTo("1.2.3.4");
    assertThat(report.reportId()).isEqualTo("1.2.3.4");
    assertThat(report.text()).isEqualTo("Clear.");
  }

  @Test
  void aConfiguredAuthorityChoosesThePatientIdentifier() {
    intake = intake(Set.of(), List.of("NONE", "OTHER"));
    assertThat(report("OBR|1||F1\rOBX|1|TX|||t\r").study().patientId()).isEqualTo("X9");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          RE, -,  F, F, FINAL
          RE, CM, P, P, PRELIMINARY
          RE, -,  R, F, PRELIMINARY
          RE, -,  C, C, AMENDED
          RE, -,  F, C, AMENDED
          RE, -,  X, F, CANCELLED
          RE, -,  D, F, CANCELLED
          RE, -,  F, W, CANCELLED
          RE, -,  F, D, CANCELLED
          CA, -,  F, F, CANCELLED
          OC, -,  -, -, CANCELLED
          DC, -,  F, F, CANCELLED
          RE, CA, F, F, CANCELLED
          -,  -,  -, F, FINAL
          -,  -,  -, P, PRELIMINARY
          -,  -,  -, C, AMENDED
          -,  -,  -, -, FINAL
          """)
  void statusCodesAreFolded(
      String control, String order, String result, String observation, ReportStatus status) {
    String orc = "ORC|%s|O1|F1||%s\r".formatted(text(control), text(order));
    String obr = "OBR|1|O1|F1" + "|".repeat(22) + text(result) + "\r";
    String obx = "OBX|1|TX|||Clear.||||||" + text(observation) + "\r";
    assertThat(report(orc + obr + obx).status()).isEqualTo(status);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  @Test
  void aCancellationNeedsNoText() {
    ReceivedReport report = report("ORC|CA|O1|F1\rOBR|1|O1|F1\r");
    assertThat(report.status()).isEqualTo(ReportStatus.CANCELLED);
    assertThat(report.text()).isEmpty();
  }

  @Test
  void aWithdrawnPartIsLeftOut() {
    String text = report("OBR|1||F1\rOBX|1|TX|||Kept.||||||F\rOBX|2|TX|||Gone.||||||D\r").text();
    assertThat(text).isEqualTo("Kept.");
  }

  @Test
  void repetitionsAreLinesAndStraySeparatorsStayText() {
    assertThat(report("OBR|1||F1\rOBX|1|FT|||one~two^three & four\\.br\\five\r").text())
        .isEqualTo("one\ntwo^three & four\nfive");
  }

  @Test
  void aRawLineBreakInATextLosesNothing() {
    assertThat(report("OBR|1||F1\rOBX|1|TX|||one\rtwo lines\n\nthree||||||F\r").text())
        .isEqualTo("one\ntwo lines\n\nthree");
  }

  @Test
  void headingsInTheTextAreNotDoubled() {
    assertThat(report("OBR|1||F1\rOBX|1|TX|^Findings||Findings: clear.\r").text())
        .isEqualTo("Findings: clear.");
  }

  @Test
  void suffixesOfOldVersionsAreHeadings() {
    assertThat(
            report("OBR|1||F1\rOBX|1|TX|71020&GDT||Clear.\rOBX|2|TX|71020&IMP||Normal.\r").text())
        .isEqualTo("FINDINGS:\nClear.\nIMPRESSION:\nNormal.");
  }

  @Test
  void encapsulatedPlainTextIsReadAndADocumentIsNot() {
    String data =
        Base64.getEncoder().encodeToString("Lungs clear.\r\né".getBytes(StandardCharsets.UTF_8));
    assertThat(
            report(
                    "OBR|1||F1\rOBX|1|ED|^PDF||^application^pdf^Base64^JVBERi0=\r"
                        + "OBX|2|ED|||RIS^TEXT^plain^Base64^"
                        + data
                        + "\r")
                .text())
        .isEqualTo("Lungs clear.\né");
  }

  @Test
  void severalOrdersOfOneStudyAreOneReport() {
    ReceivedReport report =
        report("OBR|1||F1\rOBX|1|TX|||one\rOBR|2||F1\rOBX|1|TX|||two\rNTE|1||no text\r");
    assertThat(report.text()).isEqualTo("one\ntwo");
  }

  @Test
  void twoStudiesReadTogetherAreTwoReportsOfOneText() {
    assertThat(send(HEADER + "OBR|1||F1\rOBX|1|TX|||Both clear.\rOBR|2||F2\r")).contains("MSA|AA");
    assertThat(kept.reports)
        .extracting(ReceivedReport::reportId, ReceivedReport::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("F1", "Both clear."),
            org.assertj.core.groups.Tuple.tuple("F2", "Both clear."));
  }

  @Test
  void theCharacterSetOfTheHeaderIsRespected() {
    String message =
        HEADER.replace("|2.5.1", "|2.5.1||||||8859/1") + "OBR|1||F1\rOBX|1|TX|||Überblähung\r";
    assertThat(send(message, StandardCharsets.ISO_8859_1)).contains("MSA|AA");
    assertThat(kept.report().text()).isEqualTo("Überblähung");
  }

  @Test
  void theSameMessageTwiceIsHarmless() {
    String message = HEADER + "OBR|1||F1\rOBX|1|TX|||t\r";
    send(message);
    assertThat(send(message)).contains("MSA|AA|MSG1");
    assertThat(kept.reports.get(0)).isEqualTo(kept.reports.get(1));
  }

  @Test
  void aFailedDatabaseIsAnErrorToRetryAndThenAccepted() {
    String message = HEADER + "OBR|1||F1\rOBX|1|TX|||t\r";
    kept.down = true;
    assertThat(send(message)).contains("\rMSA|AE|MSG1|").contains("ERR||MSH^1|207");
    assertThat(kept.reports).isEmpty();
    kept.down = false;
    assertThat(send(message)).contains("\rMSA|AA|MSG1\r");
    assertThat(kept.reports).hasSize(1);
  }

  @Test
  void aFullDiskIsAnErrorToRetry() throws IOException {
    Path notAFolder = Files.createFile(dir.resolve("file"));
    intake = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(new Blobs(notAFolder), kept));
    assertThat(send(HEADER + "OBR|1||F1\rOBX|1|TX|||t\r")).contains("\rMSA|AE|MSG1|");
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void refusalsNameTheFieldAndNeverQuoteTheMessage() {
    refused("OBR|1\rOBX|1|TX|||SECRET", "ERR||OBR^1^18|101");
    refused("OBR|1||F1\r", "ERR||OBX^1^5|101");
    refused("OBR|1||F1\rOBX|1|NM|||SECRET", "ERR||OBX^1^5|101");
    refused("OBX|1|TX|||SECRET", "ERR||OBR^1|101");
    refused("PV1|1", "ERR||OBR^1|101");
    refused("OBR|1||F1" + "|".repeat(22) + "Q\rOBX|1|TX|||SECRET", "ERR||OBR^1^25|103");
    refused("OBR|1||F1\rOBX|1|TX|||t\rZDS|SECRET", "ERR||ZDS^1^1|102");
    refused("OBR|1||F1\rOBX|1|ED|||^TEXT^^Base64^///w", "ERR||OBX^1^5|102");
    assertThat(kept.reports).isEmpty();
  }

  private void refused(String afterPatient, String error) {
    assertThat(send(HEADER + PATIENT + afterPatient))
        .contains("\rMSA|AR|MSG1|")
        .contains(error)
        .doesNotContain("SECRET", "Doe");
  }

  @Test
  void anotherMessageTypeIsRefused() {
    assertThat(send(HEADER.replace("ORU^R01^ORU_R01", "ADT^A01^ADT_A01") + PATIENT))
        .contains("\rMSA|AR|MSG1|")
        .contains("ERR||MSH^1^9^1^2|201");
  }

  @Test
  void aFacilityThatIsNotListedIsRefused() {
    intake = intake(Set.of("NORTH"), List.of());
    assertThat(send(HEADER + "OBR|1||F1\rOBX|1|TX|||t\r"))
        .contains("\rMSA|AR|MSG1|")
        .contains("ERR||MSH^1^4|103");
  }

  @Test
  void bytesOfAnotherCharacterSetAreRefusedNotMangled() {
    assertThat(send(HEADER + "OBR|1||F1\rOBX|1|TX|||Überblähung\r", StandardCharsets.ISO_8859_1))
        .contains("\rMSA|AR|MSG1|")
        .contains("ERR||MSH^1^18|103");
    String unknown = HEADER.replace("|2.5.1", "|2.5.1||||||KLINGON");
    assertThat(send(unknown + "OBR|1||F1\rOBX|1|TX|||t\r"))
        .contains("\rMSA|AR|MSG1|")
        .contains("ERR||MSH^1^18|103");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "MSH",
        "MSH|",
        "MSH|^~\\&",
        "PID|1||SECRET",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "MSH|^~\\&|\r",
        "MSH|||||||||||",
        "MSHMSHMSHMSH",
        "<ORU_R01>SECRET</ORU_R01>",
        "\uFEFF",
        "MSH|^~\\&|a|b|c|d|e|f|g\rPID\rOBR",
        "MSH^^^^^^^^^^^^^^^"
      })
  void garbageIsRefused(String garbage) {
    assertThat(send(garbage)).contains("\rMSA|AR").contains("ERR|").doesNotContain("SECRET");
  }
}
