package org.m2ib.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.PerformedStepStore;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.SetAsideArrival;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;

class PairingTest {
  private static final Duration QUIET = Duration.ofSeconds(30);
  private final TestClock clock = new TestClock();
  private final JdbcDataSource source = new JdbcDataSource();
  private ArrivalStore arrivals;
  private CaseStore cases;
  private Pairing pairing;
  private PerformedStepStore steps;

  @BeforeEach
  void open() {
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Database database = Database.open(source);
    arrivals = TestArrivals.store(database, clock);
    cases = new CaseStore(database, clock);
    steps = new PerformedStepStore(database, clock);
    pairing =
        new Pairing(
            new Pairing.Settings(QUIET, Duration.ofDays(30), Duration.ofDays(90)),
            database,
            arrivals,
            cases,
            clock);
  }

  @Test
  void aStudyIsCompleteAfterTheQuietPeriod() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    clock.now = clock.now.plus(QUIET);
    pairing.run();
    assertThat(only().state()).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void aStudyIsCompleteWhenAllThatWasAnnouncedIsHere() {
    image("1.1", "A1", "P1", "1.1.1", "a", 2);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    image("1.1", "A1", "P1", "1.1.2", "b", 2);
    assertThat(only().state()).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void aStudyIsCompleteWhenAllThatItsPerformedStepsMadeIsHere() {
    steps.add("9.1", "1.1", "IN PROGRESS", List.of());
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).as("in progress").isEqualTo(CaseState.COLLECTING);
    steps.end("9.1", "COMPLETED", List.of("1.1.1", "1.1.2"));
    pairing.run();
    assertThat(only().state()).as("one is missing").isEqualTo(CaseState.COLLECTING);
    image("1.1", "A1", "P1", "1.1.2", "b", null);
    assertThat(only().state()).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void aStepInProgressOrDiscontinuedLeavesTheQuietPeriod() {
    steps.add("9.1", "1.1", "IN PROGRESS", List.of());
    steps.end("9.1", "DISCONTINUED", List.of());
    steps.add("9.2", "1.1", "AVAILABLE", List.of("1.1.1"));
    steps.add("9.3", "1.1", "IN PROGRESS", List.of());
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    clock.now = clock.now.plus(QUIET);
    pairing.run();
    assertThat(only().state()).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void anAvailabilityNotificationOfAllThatIsHereCompletesAStudy() {
    steps.add("9.2", "1.1", "AVAILABLE", List.of("1.1.1"));
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.ATTRIBUTING);
  }

  @Test
  void aReportThatComesFirstWaitsForItsStudy() {
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.AWAITING_STUDY);
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void patientsThatDifferStopTheCaseAndACorrectedReportFreesIt() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P2", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    assertThat(only().reason()).contains("patient identifiers differ").doesNotContain("P2");
    report("R1", null, "A1", "P1", ReportStatus.AMENDED, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void anotherAccessionNumberIsAnotherCase() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A2", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(all())
        .extracting(Case::state)
        .containsExactlyInAnyOrder(CaseState.AWAITING_REPORT, CaseState.AWAITING_STUDY);
  }

  @Test
  void aDuplicateChangesNothing() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    int revision = only().revision();
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().revision()).isEqualTo(revision);
  }

  @Test
  void aSecondReportOfAStudyIsASecondCase() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    report("R2", null, "A1", "P1", ReportStatus.FINAL, "Not so clear.");
    assertThat(all()).extracting(Case::state).containsOnly(CaseState.COLLECTING).hasSize(2);
  }

  @Test
  void aCancelledReportCancelsAndANewVersionRevives() {
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    report("R1", null, "A1", "P1", ReportStatus.CANCELLED, "");
    assertThat(only().state()).isEqualTo(CaseState.CANCELLED);
    report("R1", null, "A1", "P1", ReportStatus.AMENDED, "Clear after all.");
    assertThat(only().state()).isEqualTo(CaseState.AWAITING_STUDY);
  }

  @Test
  void aReportThatComesCancelledSaysSo() {
    report("R1", null, "A1", "P1", ReportStatus.CANCELLED, "");
    assertThat(only().state()).isEqualTo(CaseState.CANCELLED);
    assertThat(only().reason()).isEqualTo("the report was cancelled");
    report("R1", null, "A1", "P1", ReportStatus.AMENDED, "Clear after all.");
    assertThat(only().reason()).isEmpty();
  }

  @Test
  void aPreliminaryVersionAfterTheFinalOneIsOutOfDate() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    int revision = only().revision();
    report("R1", null, "A1", "P1", ReportStatus.PRELIMINARY, "Maybe clear.");
    assertThat(only().revision()).isEqualTo(revision);
  }

  @Test
  void aCaseThatWaitsTooLongExpiresAndALateReportRevivesIt() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    clock.now = clock.now.plus(Duration.ofDays(31));
    pairing.run();
    assertThat(only().state()).isEqualTo(CaseState.EXPIRED);
    report("R1", "1.1", null, "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isIn(CaseState.COLLECTING, CaseState.ATTRIBUTING);
  }

  @Test
  void anArrivalIsTriedAgainAndNotSetAsideWhenTheDatabaseFails() throws SQLException {
    execute("alter table cases rename to away");
    assertThatThrownBy(() -> report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear."))
        .isInstanceOf(StorageUnavailableException.class);
    assertThat(arrivals.nextUnpairedId()).isPresent();
    execute("alter table away rename to cases");
    pairing.run();
    assertThat(only().state()).isEqualTo(CaseState.AWAITING_STUDY);
  }

  @Test
  void anArrivalThatTheDatabaseCanNeverTakeIsSetAsideAndTheNextOnesGoOn() throws SQLException {
    execute("alter table cases add constraint no_a1 check (accession_number <> 'A1')");
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    report("R2", null, "A2", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().study().accessionNumber()).isEqualTo("A2");
    assertThat(arrivals.aside()).isEqualTo(1);
  }

  @Test
  void anArrivalThatCannotBeReadIsSetAsideAndTheNextOnesGoOn() throws SQLException {
    execute(
        """
        insert into arrival (kind, received_at, blob, study_instance_uid, sop_instance_uid)
        values ('IMAGE', current_timestamp, 'ab', 'no UID', '1.2')
        """);
    report("R2", null, "A2", "P1", ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.AWAITING_STUDY);
    assertThat(arrivals.aside()).isEqualTo(1);
    assertThat(arrivals.nextUnpairedId()).isEmpty();
  }

  @Test
  void whatIsSetAsideIsListedWithItsReasonAndPairedWhenItIsTriedAgain() throws SQLException {
    execute("alter table cases add constraint no_a1 check (accession_number <> 'A1')");
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    SetAsideArrival aside = arrivals.setAside(9).get(0);
    assertThat(aside.reason()).startsWith("the database does not take a value of it; the log");
    assertThat(aside.reasonCode()).isEqualTo("stored");
    assertThat(aside.kind()).isEqualTo("REPORT");
    assertThat(aside.reportId()).isEqualTo("R1");
    assertThat(aside.accessionNumber()).isEqualTo("A1");
    assertThat(aside.setAsideAt()).isEqualTo(clock.now);
    assertThat(arrivals.retry()).isEqualTo(1);
    pairing.run();
    assertThat(arrivals.setAside(9)).as("it failed again").hasSize(1);
    execute("alter table cases drop constraint no_a1");
    assertThat(arrivals.retry(aside.id())).isTrue();
    pairing.run();
    assertThat(only().state()).isEqualTo(CaseState.AWAITING_STUDY);
    assertThat(arrivals.setAside(9)).isEmpty();
    assertThat(arrivals.retry(aside.id())).as("it is not set aside").isFalse();
  }

  @Test
  void anUnreadableArrivalIsListed() throws SQLException {
    execute(
        """
        insert into arrival (kind, received_at, blob, study_instance_uid, sop_instance_uid)
        values ('IMAGE', current_timestamp, 'ab', 'no UID', '1.2')
        """);
    pairing.run();
    SetAsideArrival aside = arrivals.setAside(9).get(0);
    assertThat(aside.studyInstanceUid()).isEqualTo("no UID");
    assertThat(aside.reason()).startsWith("a value in it is missing or not one");
    execute("update arrival set problem = 'set aside: IllegalArgumentException at org.m2ib.X'");
    assertThat(arrivals.setAside(9).get(0).reason())
        .as("as a service of before kept it")
        .startsWith("it failed in a way that is not foreseen");
  }

  @Test
  void aStudyWhoseImagesCannotBeReadHoldsUpNoOther() throws SQLException {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", "P1", ReportStatus.FINAL, "Clear.");
    image("1.2", "A2", "P1", "1.2.1", "b", null);
    report("R2", null, "A2", "P1", ReportStatus.FINAL, "Clear.");
    execute("update arrival set sop_instance_uid = ' ' where study_instance_uid = '1.1'");
    clock.now = clock.now.plus(QUIET);
    pairing.run();
    assertThat(all())
        .extracting(Case::state)
        .containsExactlyInAnyOrder(CaseState.COLLECTING, CaseState.ATTRIBUTING);
  }

  @Test
  void aReportThatIsPairedLateDoesNotReplaceOneThatCameAfterIt() throws SQLException {
    version("R1", ReportStatus.FINAL, "Left.", null, null, "a");
    execute("alter table cases add constraint none check (report_arrival < 2)");
    version("R1", ReportStatus.AMENDED, "Right.", null, null, "b");
    version("R1", ReportStatus.AMENDED, "Right, later.", "202601021100", null, "c");
    assertThat(arrivals.aside()).isEqualTo(2);
    execute("alter table cases drop constraint none");
    version("R1", ReportStatus.AMENDED, "Both.", "202601021000", null, "d");
    arrivals.retry();
    pairing.run();
    assertThat(textOf(only())).as("its time says that it is later").isEqualTo("Right, later.");
    assertThat(arrivals.aside()).isZero();
  }

  @Test
  void imagesOfTwoPatientsUnderOneStudyAreAMismatchWhateverTheReportNames() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    image("1.1", "A1", "P2", "1.1.2", "b", null);
    report("R1", null, "A1", null, ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    assertThat(only().reason())
        .isEqualTo("images of one study: the patient identifiers differ")
        .doesNotContain("P2");
  }

  @Test
  void anImageOfASecondPatientStopsACaseThatIsUnderWayAndItsCorrectionFreesIt() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", null, ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    image("1.1", "A1", "P2", "1.1.2", "b", null);
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    image("1.1", "A1", "P1", "1.1.2", "d", null);
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void anImageThatNamesNoPatientDisagreesWithNone() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    image("1.1", "A1", null, "1.1.2", "b", null);
    report("R1", null, "A1", null, ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void theSameIdentifierOfTwoIssuersIsTwoPatientsAndWithoutAnIssuerOne() {
    issued("1.1", "1.1.1", "North");
    issued("1.1", "1.1.2", null);
    report("R1", "1.1", null, null, ReportStatus.FINAL, "Clear.");
    assertThat(only().state()).isEqualTo(CaseState.COLLECTING);
    issued("1.1", "1.1.3", "South");
    assertThat(only().state()).isEqualTo(CaseState.MISMATCHED);
    assertThat(only().reason()).contains("issuers of the patient identifiers differ");
  }

  @Test
  void studiesOfTwoPatientsAndAReportThatNamesNoneAreAllMismatched() {
    image("1.1", "A1", "P1", "1.1.1", "a", null);
    report("R1", null, "A1", null, ReportStatus.FINAL, "Clear.");
    image("1.2", "A1", "P2", "1.2.1", "b", null);
    assertThat(all()).extracting(Case::state).containsOnly(CaseState.MISMATCHED).hasSize(2);
  }

  private void issued(String study, String sop, String issuer) {
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey(study, null, null, null, "P1", issuer),
            null,
            sop,
            "1.2.840.10008.5.1.4.1.1.1",
            "CR",
            "PA",
            null,
            "PACS",
            "d".repeat(64)));
    pairing.run();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void image(
      String study, String accession, String patient, String sop, String blob, Integer expected) {
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey(study, accession, null, null, patient, null),
            study + ".9",
            sop,
            "1.2.840.10008.5.1.4.1.1.1",
            "CR",
            "PA",
            expected,
            "PACS",
            blob.repeat(64)));
    pairing.run();
  }

  private void report(
      String id, String study, String accession, String patient, ReportStatus status, String text) {
    arrivals.receive(
        TestArrivals.report(
            new StudyKey(study, accession, null, null, patient, null),
            id,
            status,
            text,
            "api",
            "c".repeat(64)));
    pairing.run();
  }

  private void version(
      String id, ReportStatus status, String text, String issued, String sent, String blob) {
    arrivals.receive(
        new ReceivedReport(
            new StudyKey(null, "A1", null, null, "P1", null),
            id,
            status,
            text,
            "hl7",
            null,
            blob.repeat(64),
            new ReportTimes(issued, sent),
            null));
    pairing.run();
  }

  private String textOf(Case c) {
    return arrivals.get(c.reportArrival()).report().text();
  }

  @Test
  void theSameBytesSentAgainUndoNoCorrection() {
    version("R1", ReportStatus.FINAL, "Left.", null, null, "a");
    version("R1", ReportStatus.AMENDED, "Right.", null, null, "b");
    version("R1", ReportStatus.FINAL, "Left.", null, null, "a");
    assertThat(textOf(only())).isEqualTo("Right.");
    version("R1", ReportStatus.CANCELLED, "", null, null, "c");
    version("R1", ReportStatus.AMENDED, "Right.", null, null, "b");
    assertThat(only().state()).isEqualTo(CaseState.CANCELLED);
  }

  @Test
  void anOlderTimeNeverWins() {
    version("R1", ReportStatus.AMENDED, "Right.", "202601021100", "20260102110001", "b");
    version("R1", ReportStatus.FINAL, "Left.", "202601021000", "20260102120000", "a");
    version("R1", ReportStatus.FINAL, "Left.", null, "20260102100000", "c");
    assertThat(textOf(only())).isEqualTo("Right.");
    version("R1", ReportStatus.AMENDED, "Both.", "20260102", "2026010211000200", "d");
    assertThat(textOf(only())).as("a day is not before its hour").isEqualTo("Both.");
  }

  @Test
  void anotherSuffixOfTheFillerNumberIsAnotherVersion() {
    version("F1", ReportStatus.FINAL, "Left.", null, "20260102100000", "a");
    version("F1-1", ReportStatus.AMENDED, "Right.", null, "20260102110000", "b");
    version("F1-2", ReportStatus.AMENDED, "Both.", null, "20260102120000", "c");
    version("F1-1", ReportStatus.AMENDED, "Right", null, "20260102110000", "d");
    assertThat(textOf(only())).isEqualTo("Both.");
  }

  @Test
  void twoFinalReportsOfOneAccessionNumberStayTwo() {
    version("F1-1", ReportStatus.FINAL, "Chest.", null, null, "a");
    version("F1-2", ReportStatus.FINAL, "Abdomen.", null, null, "b");
    assertThat(all()).hasSize(2);
  }

  private Case only() {
    assertThat(all()).hasSize(1);
    return all().get(0);
  }

  private List<Case> all() {
    return cases.search(new CaseStore.Query(null, null, null, false, 0, 100));
  }

  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
