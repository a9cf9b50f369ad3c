package org.m2ib.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseHistory;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.hl7.Hl7Intake;
import org.m2ib.intake.hl7.TestHl7Settings;

/** Patient messages, from their bytes to the cases, in each database. */
abstract class PatientMergeChecks {
  @TempDir Path dir;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private Pairing pairing;
  private Hl7Intake hl7;
  private int messages;

  /** An empty one. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    Database database = Database.open(database());
    Clock clock = Clock.systemUTC();
    Blobs blobs = new Blobs(dir);
    arrivals = new ArrivalStore(database, clock, blobs);
    cases = new CaseStore(database, clock);
    pairing =
        new Pairing(
            new Pairing.Settings(Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(90)),
            database,
            arrivals,
            cases,
            clock);
    hl7 = new Hl7Intake(TestHl7Settings.of(), new ReportIntake(blobs, arrivals));
  }

  private String send(String message) {
    String answer =
        new String(hl7.answer(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    pairing.run();
    return answer;
  }

  private String adt(String event, String version, String time, String segments) {
    return send(
        "MSH|^~\\&|ADT|NORTH|M2IB|QA|%s||ADT^%s|M%d|P|%s\rEVN|%s|%s|||ADM7\r%s"
            .formatted(time, event, ++messages, version, event, time, segments));
  }

  private void merged(String event, String time, String prior, String patient) {
    assertThat(adt(event, "2.5.1", time, "PID|1||%s||Doe^J\rMRG|%s\r".formatted(patient, prior)))
        .contains("MSA|AA|M");
  }

  private void image(String patient, String issuer) {
    image("1.1", patient, issuer);
  }

  private void image(String study, String patient, String issuer) {
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey(study, "A1", null, null, patient, issuer),
            study + ".9",
            study + ".1",
            "1.2.840.10008.5.1.4.1.1.1",
            "CR",
            "PA",
            null,
            "PACS",
            "a".repeat(64)));
    pairing.run();
  }

  private void report(String patient) {
    assertThat(
            send(
                "MSH|^~\\&|RIS|NORTH|M2IB|QA|20260101||ORU^R01|R%d|P|2.5.1\rPID|1||%s\rOBR|1||A1\rOBX|1|TX|1||Clear.||||||F\r"
                    .formatted(++messages, patient)))
        .contains("MSA|AA");
  }

  private Case only() {
    List<Case> all = cases.search(new CaseStore.Query(null, null, null, false, 0, 100));
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private PatientId patient() {
    return new PatientId(only().study().patientId(), only().study().issuerOfPatientId());
  }

  private List<CaseHistory.Entry> history() {
    return arrivals.history().of(only().id());
  }

  @ParameterizedTest
  @CsvSource({
    "A18,2.1", "A18,2.2", "A18,2.3", "A30,2.3", "A34,2.3.1", "A36,2.3.1", "A39,2.3.1", "A40,2.3.1",
    "A40,2.4", "A40,2.5.1", "A40,2.6", "A40,2.7", "A40,2.8", "A47,2.3.1", "A47,2.5", "A47,2.8"
  })
  void aCaseTakesTheSurvivingIdentifierAndItsHistorySaysWhoMergedWhatWhen(
      String event, String version) {
    image("P1", "HOSP");
    report("P1^^^HOSP^MR");
    assertThat(
            adt(
                event,
                version,
                "20260301120000",
                "PID|1||P2^^^HOSP^MR||Doe^J\rPD1|\rMRG|P1^^^HOSP^MR\r"))
        .contains("MSA|AA|M");
    assertThat(patient()).isEqualTo(new PatientId("P2", "HOSP"));
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    assertThat(history()).hasSize(1);
    var change = history().get(0).arrival().patient();
    assertThat(change.event()).isEqualTo(event);
    assertThat(change.sender()).isEqualTo("ADT^NORTH");
    assertThat(change.operator()).isEqualTo("ADM7");
    assertThat(change.prior()).isEqualTo(new PatientId("P1", "HOSP"));
    assertThat(change.times().sent()).isNotNull();
    assertThat(history().get(0).effect()).isEqualTo("the case has the surviving identifier");
  }

  @Test
  void whatArrivesUnderTheOldIdentifierAfterwardsIsOfTheSurvivingOne() {
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    image("P1", "HOSP");
    assertThat(patient()).as("a merge before its study").isEqualTo(new PatientId("P2", "HOSP"));
    report("P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void chainsAreFollowedToTheirEnd() {
    image("P1", "HOSP");
    merged("A40", "20260301", "P2^^^HOSP", "P3^^^HOSP");
    merged("A40", "20260302", "P1^^^HOSP", "P2^^^HOSP");
    assertThat(patient().id()).isEqualTo("P3");
    merged("A40", "20260303", "P3^^^HOSP", "P4^^^HOSP");
    assertThat(patient().id()).isEqualTo("P4");
    report("P3^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    assertThat(history()).hasSize(2);
  }

  @Test
  void aMismatchOfWhatIsNowOnePatientIsPaired() {
    image("P1", "HOSP");
    report("P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    assertThat(history().get(0).effect()).contains("now of one patient: paired");
  }

  @Test
  void aPairingThatNoLongerHoldsBecomesAMismatchAndSaysWhy() {
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    image("P1", "HOSP");
    report("P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    merged("A47", "20260302", "P1^^^HOSP", "P3^^^HOSP"); // the merge had named the wrong one
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    assertThat(only().reason())
        .isEqualTo("study and report: the patient identifiers differ since ADT^A47");
    assertThat(patient().id()).isEqualTo("P3");
    assertThat(history()).hasSize(1);
    assertThat(history().get(0).effect()).contains("no longer holds").doesNotContain("P3");
    merged("A47", "20260303", "P1^^^HOSP", "P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void aRepeatedOrOlderMessageChangesNothing() {
    image("P1", "HOSP");
    merged("A40", "20260302", "P1^^^HOSP", "P2^^^HOSP");
    int revision = only().revision();
    merged("A40", "20260302", "P1^^^HOSP", "P2^^^HOSP");
    merged("A40", "20260301", "P1^^^HOSP", "P9^^^HOSP");
    assertThat(patient().id()).isEqualTo("P2");
    assertThat(history()).hasSize(1);
    assertThat(only().revision()).isEqualTo(revision);
  }

  @Test
  void aCircleIsRefused() {
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    merged("A40", "20260301", "P2^^^HOSP", "P3^^^HOSP");
    assertThat(adt("A40", "2.5.1", "20260302", "PID|1||P1^^^HOSP\rMRG|P3^^^HOSP\r"))
        .contains("MSA|AR|M")
        .contains("ERR||MRG^1^1")
        .contains("circle")
        .doesNotContain("P3^");
    assertThat(arrivals.aside()).isZero();
  }

  @Test
  void aCircleWithinOneMessageIsSetAsideAndTheRestHolds() {
    image("P1", "HOSP");
    assertThat(
            adt(
                "A40",
                "2.5.1",
                "20260302",
                "PID|1||P2^^^HOSP\rMRG|P1^^^HOSP\rPID|2||P1^^^HOSP\rMRG|P2^^^HOSP\r"))
        .contains("MSA|AA|M");
    assertThat(patient().id()).isEqualTo("P2");
    assertThat(arrivals.setAside(9)).hasSize(1);
    assertThat(arrivals.setAside(9).get(0).reason()).contains("circle");
  }

  @Test
  void anIdentifierWithoutAnIssuerMayBeAnyonesUntilItsReportSaysWhose() {
    image("P1", null);
    report("P1^^^HOSP");
    merged("A40", "20260301", "P1^^^CLINIC", "P9^^^CLINIC");
    assertThat(patient()).as("of another issuer").isEqualTo(new PatientId("P1", null));
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    assertThat(patient()).isEqualTo(new PatientId("P2", "HOSP"));
    report("P1^^^CLINIC");
    assertThat(only().state())
        .as("the image may still be of the clinic")
        .isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void aMergeWithoutIssuersHoldsForEveryIssuer() {
    image("P1", "HOSP");
    report("P1^^^HOSP");
    merged("A18", "20260301", "P1", "P2");
    assertThat(patient()).isEqualTo(new PatientId("P2", "HOSP"));
  }

  @Test
  void eachAuthorityOfAListIsMergedByItself() {
    image("X1", "REGION");
    merged("A40", "20260301", "P1^^^HOSP^MR~X1^^^REGION^PI", "X2^^^REGION^PI~P2^^^HOSP^MR");
    assertThat(patient()).isEqualTo(new PatientId("X2", "REGION"));
    report("P1^^^HOSP");
    assertThat(only().state())
        .as("no message says that P2 of HOSP is X2 of REGION")
        .isEqualTo(CaseState.MISMATCHED);
  }

  @Test
  void severalPatientsOfOneMessageAreMerged() {
    image("P5", "HOSP");
    assertThat(
            adt(
                "A40",
                "2.5.1",
                "20260302",
                "PID|1||P2^^^HOSP\rMRG|P1^^^HOSP\rMRG|P5^^^HOSP\rPID|2||P4^^^HOSP\rMRG|P2^^^HOSP\r"))
        .contains("MSA|AA|M");
    assertThat(patient().id()).isEqualTo("P4");
  }

  @Test
  void aDeliveredCaseSaysThatItsResultsKeepTheFormerIdentifier() {
    image("P1", "HOSP");
    report("P1^^^HOSP");
    Case c = only();
    for (Event event : List.of(Event.STUDY_COMPLETE, Event.ATTRIBUTED, Event.ALL_DELIVERED)) {
      cases.apply(c.id(), event, "");
    }
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    assertThat(only().state()).isEqualTo(CaseState.DELIVERED);
    assertThat(only().reason())
        .startsWith("ADT^A40: the patient identifier changed")
        .contains("keep the identifiers they were sent with", "attributed again")
        .doesNotContain("P1");
    assertThat(history().get(0).effect()).contains("keep the identifiers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A08", "A31"})
  void anUpdateIsInTheHistoryOfThePatientsCasesAndNotKeptForOthers(String event) {
    image("P1", "HOSP");
    assertThat(adt(event, "2.5.1", "20260301", "PID|1||P1^^^HOSP||New^Name\r"))
        .contains("MSA|AA|M");
    assertThat(history()).hasSize(1);
    assertThat(history().get(0).effect()).contains("no identifier changed");
    assertThat(adt(event, "2.5.1", "20260301", "PID|1||P7^^^HOSP\r"))
        .contains("MSA|AA|M")
        .contains("nothing is held of this patient");
    assertThat(only().study().patientId()).isEqualTo("P1");
  }

  @Test
  void studiesOfOneReportThatBecomeThoseOfTwoPatientsAreMismatches() {
    merged("A40", "20260301", "P1^^^HOSP", "P2^^^HOSP");
    image("1.1", "P1", "HOSP");
    image("1.2", "P2", "HOSP");
    report("");
    List<Case> all = cases.in(CaseState.COLLECTING, 9);
    assertThat(all).hasSize(2);
    merged("A47", "20260302", "P1^^^HOSP", "P3^^^HOSP");
    assertThat(cases.in(CaseState.MISMATCHED, 9)).hasSize(2);
  }
}
