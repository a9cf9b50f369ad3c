package org.m2ib.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestDatabase;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.hl7.Hl7Intake;
import org.m2ib.intake.hl7.TestHl7Settings;

/** Orders, from their bytes to the cases. */
class OrderPairingTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ORM =
      "ORM^O01;PID|1||P1\rPV1|1\rORC|NW|O1|F1\rOBR|1|O1|F1|||||||||||||||A1\rZDS|1.1^RIS^Application^DICOM\r";
  private static final String OMI =
      "OMI^O23;PID|1||P1\rORC|NW|O1|F1\rTQ1|1\rOBR|1|O1|F1\rIPC|A1|RP1|1.1|SPS1\r";
  private static final String OMG = "OMG^O19;PID|1||P1\rORC|NW|O1\rOBR|1|O1|A1\r";

  @TempDir Path dir;
  private final Database database = TestDatabase.h2();
  private CaseStore cases;
  private ArrivalStore arrivals;
  private Pairing pairing;
  private Hl7Intake hl7;
  private int messages;

  @BeforeEach
  void start() {
    at(NOW);
  }

  private void at(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    Blobs blobs = new Blobs(dir);
    arrivals = new ArrivalStore(database, clock, blobs);
    cases = new CaseStore(database, clock);
    Duration day = Duration.ofDays(1);
    pairing = new Pairing(new Pairing.Settings(day, day, day), database, arrivals, cases, clock);
    hl7 = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(blobs, arrivals));
  }

  private String send(String message) {
    String[] parts = message.split(";", 2);
    String header =
        "MSH|^~\\&|RIS|NORTH|M2IB|QA|20260101||%s|M%d|P|2.5.1\r".formatted(parts[0], ++messages);
    String answer =
        new String(
            hl7.answer((header + parts[1]).getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8);
    pairing.run();
    return answer;
  }

  private void image(String patient) {
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey("1.1", "A1", null, null, patient, null),
            "1.2",
            "1.3",
            "1.2.840.10008.5.1.4.1.1.1",
            "CR",
            "PA",
            null,
            "PACS",
            "a".repeat(64)));
    pairing.run();
  }

  /** It names only the order. */
  private void report() {
    assertThat(send("ORU^R01;PID|1||P1\rORC|RE|O1\rOBR|1|O1\rOBX|1|TX|1||Clear.||||||F\r"))
        .contains("MSA|AA");
  }

  private List<Case> all() {
    return cases.search(new CaseStore.Query(null, null, null, false, 0, 9));
  }

  private void paired() {
    assertThat(all()).extracting(Case::state).containsExactly(CaseState.COLLECTING);
    assertThat(all().get(0).study().orderNumber()).isEqualTo("O1");
    assertThat(all().get(0).study().accessionNumber()).isEqualTo("A1");
  }

  @ParameterizedTest
  @ValueSource(strings = {ORM, OMI, OMG})
  void aReportThatNamesTheOrderMeetsAStudyThatNamesTheAccessionNumber(String order) {
    assertThat(send(order)).contains("MSA|AA|M1\r");
    image("P1");
    report();
    paired();
  }

  @ParameterizedTest
  @ValueSource(strings = {ORM, OMI, OMG})
  void theReportMayComeBeforeTheStudy(String order) {
    send(order);
    report();
    image("P1");
    paired();
  }

  @ParameterizedTest
  @ValueSource(strings = {ORM, OMI, OMG})
  void theOrderMayComeLast(String order) {
    report();
    image("P1");
    assertThat(all()).hasSize(2);
    send(order);
    paired();
    send(order);
    paired();
  }

  @Test
  void anOrderDoesNotDecideWhoseImagesTheseAre() {
    send(ORM);
    image("P2");
    report();
    assertThat(all()).extracting(Case::state).containsExactly(CaseState.MISMATCHED);
  }

  @Test
  void whatAnOrderSaysExpires() {
    send(ORM);
    at(NOW.plus(Duration.ofDays(2)));
    image("P1");
    report();
    assertThat(all())
        .extracting(Case::state)
        .containsExactlyInAnyOrder(CaseState.AWAITING_REPORT, CaseState.AWAITING_STUDY);
  }

  @Test
  void anOrderOfTwoAccessionNumbersCompletesNeither() {
    send("OMI^O23;PID|1||P1\rORC|NW|O1\rOBR|1|O1\rIPC|A1\rORC|NW|O1\rOBR|2|O1\rIPC|A2\r");
    report();
    assertThat(all().get(0).study().accessionNumber()).isNull();
    image("P1");
    assertThat(all()).extracting(Case::state).containsExactly(CaseState.COLLECTING);
  }

  @Test
  void anOrderThatNamesOneNumberIsAcceptedAndNotKept() {
    assertThat(send("ORM^O01;PID|1||P1\rORC|NW|O1\rOBR|1|O1\r"))
        .contains("MSA|AA|M1|nothing to do");
    assertThat(send("ORM^O02;PID|1||P1\rORC|NW|O1\r")).contains("MSA|AR|M2").contains("|201");
  }
}
