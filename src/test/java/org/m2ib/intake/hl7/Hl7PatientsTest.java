package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.PatientId;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

class Hl7PatientsTest {
  @TempDir Path dir;
  private final Kept kept = new Kept();
  private Hl7Intake intake;

  @BeforeEach
  void start() {
    intake = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(new Blobs(dir), kept));
  }

  private String send(String type, String segments) {
    String message = "MSH|^~\\&|ADT|NORTH|M2IB|QA|20260102||" + type + "|M1|P|2.5.1\r" + segments;
    return new String(
        intake.answer(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ADT^A37; PID|1||P2; 201; unlinking patients (A37) is not supported",
        "ADT^A51; PID|1||P2; 201; unmerging patients (A51) is not supported",
        "ADT^A24; PID|1||P2; 201; linking patients (A24) is not supported",
        "ADT^A01; PID|1||P2; 201; only A08, A31, A40, A47",
        "ADT; PID|1||P2; 201; trigger event is missing",
        "ADT^A40; PID|1||P2; 101; no MRG segment",
        "ADT^A40; MRG|P1; 101; MRG comes before any PID",
        "ADT^A08; PV1|1; 101; no PID segment",
        "ADT^A08; PID|1; 101; has no identifier",
        "ADT^A40; PID|1||P2~MRG|; 101; MRG-1",
        "ADT^A40; PID|1||~MRG|P1; 101; has no identifier",
        "ADT^A40; PID|1||P2^^^H~MRG|P2^^^H; 102; are the same",
        "SIU^S12; SCH|1; 200; not accepted"
      })
  void whatCannotBeFollowedIsRefusedByName(String type, String segments, String code, String says) {
    assertThat(send(type, segments.replace('~', '\r') + "\r"))
        .contains("MSA|AR|M1|")
        .containsPattern("ERR\\|\\|[^|]*\\|" + code)
        .contains(says);
    assertThat(kept.patients).isEmpty();
  }

  @Test
  void anOldMessageNamesItsEventInTheEventSegment() {
    String message =
        "MSH|^~\\&|ADT|NORTH|M2IB|QA|19950102||ADT|M1|P|2.1\rEVN|A18|199501021200\rPID|||P2\rMRG|P1\r";
    assertThat(
            new String(
                intake.answer(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
        .contains("MSA|AA|M1")
        .contains("|ACK|");
    assertThat(kept.patients.get(0).patient()).isEqualTo(new PatientId("P2", null));
  }

  @Test
  void externalIdentifiersOfOldMessagesAreMerged() {
    send("ADT^A39", "PID||E2\rMRG||||E1\r");
    assertThat(kept.patients).hasSize(1);
    assertThat(kept.patients.get(0).prior()).isEqualTo(new PatientId("E1", null));
    assertThat(kept.patients.get(0).patient()).isEqualTo(new PatientId("E2", null));
  }

  @Test
  void amongSeveralOfOneAuthorityThatOfTheSameTypeSurvives() {
    send("ADT^A40", "PID|||V3^^^H^VN~P2^^^H^MR\rMRG|P1^^^H^MR\r");
    assertThat(kept.patients.get(0).patient()).isEqualTo(new PatientId("P2", "H"));
  }

  @Test
  void anAuthorityThatTheSurvivorDoesNotNameIsLeftOutAndSaid() {
    assertThat(send("ADT^A40", "PID|||P2^^^H~X2^^^R\rMRG|P1^^^H~Q1^^^S\r"))
        .contains("MSA|AA|M1|a prior identifier whose authority PID-3 does not name was left out");
    assertThat(kept.patients).hasSize(1);
  }

  @Test
  void nothingIsAcknowledgedWhileTheDatabaseIsDown() {
    kept.down = true;
    assertThat(send("ADT^A40", "PID|||P2\rMRG|P1\r")).contains("MSA|AE|M1");
    assertThat(send("ADT^A08", "PID|||P2\r")).contains("MSA|AE|M1");
  }

  @Test
  void aListOfWhichNothingChangedIsAcceptedWithANote() {
    assertThat(send("ADT^A47", "PID|||P2^^^H\rMRG|P2^^^H\r"))
        .contains("MSA|AA|M1|no identifier changed");
    assertThat(kept.patients).isEmpty();
  }
}
