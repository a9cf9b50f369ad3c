package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the list of cases asks of the database is answered from an index, not by every row. */
abstract class SearchPlanChecks {
  /** So many that reading all is dearer. */
  private static final int CASES = 3000;

  private Database database;
  private CaseStore cases;
  private ArrivalStore arrivals;

  /** An empty one. */
  abstract Database open() throws Exception;

  @BeforeEach
  void fill() throws Exception {
    database = open();
    cases = new CaseStore(database, Clock.systemUTC());
    arrivals = TestArrivals.store(database, Clock.systemUTC());
    database.inTransaction(
        () -> {
          for (int i = 0; i < CASES; i++) {
            StudyKey key = new StudyKey("1.2." + i, "A" + i, null, "O" + i, null, null);
            boolean rare = i % 300 == 3;
            cases.create(key, rare ? CaseState.AWAITING_STUDY : CaseState.AWAITING_REPORT, null);
            arrivals.receive(
                TestArrivals.report(
                    key, "R" + i, ReportStatus.FINAL, "Clear.", "api", TestArrivals.BLOB));
          }
        });
    database.with(h -> h.execute("analyze"));
  }

  private static CaseStore.Query query(
      String study, String accession, CaseState s, boolean alarms) {
    return new CaseStore.Query(study, accession, s, alarms, 0, 100);
  }

  private String plan(CaseStore.Query query) {
    CaseStore.Sql sql = CaseStore.where(query);
    return plan("select * from cases " + sql.text(), sql.arguments());
  }

  private String plan(String sql, Object... arguments) {
    return String.join(
            "\n", database.list((row, context) -> row.getString(1), "explain " + sql, arguments))
        .toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void anAccessionNumberIsFoundByItsIndex() {
    assertThat(plan(query(null, "A7", null, false))).contains("cases_accession");
    assertThat(cases.search(query(null, "A7", null, false)))
        .extracting(c -> c.study().accessionNumber())
        .containsExactly("A7");
  }

  @Test
  void aStudyIsFoundByItsIndex() {
    assertThat(plan(query("1.2.7", null, null, false))).contains("cases_study");
  }

  @Test
  void aStateIsFoundByItsIndex() {
    assertThat(plan(query(null, null, CaseState.AWAITING_STUDY, false))).contains("cases_state");
    assertThat(cases.search(query(null, "A3", CaseState.AWAITING_STUDY, false))).hasSize(1);
    assertThat(cases.search(query(null, "A4", CaseState.AWAITING_STUDY, false))).isEmpty();
  }

  @Test
  void alarmsAreFoundByTheirIndex() {
    assertThat(plan(query(null, null, null, true))).contains("cases_alarm");
  }

  @Test
  void theLatestAreFoundByTheirIndex() {
    assertThat(plan(query(null, null, null, false))).contains("cases_updated");
  }

  @Test
  void aCaseIsInTheListOfAlarmsWhileAResultThatHoldsHasOne() {
    Case c = cases.search(query(null, "A7", null, false)).get(0);
    ResultStore results = new ResultStore(database);
    StoredResult alarming =
        new StoredResult(
            java.util.UUID.randomUUID(),
            c.id(),
            0,
            TestArrivals.BLOB,
            "{}",
            0.1,
            true,
            "",
            TestArrivals.BLOB,
            false);
    results.save(alarming);
    assertThat(ids(true)).containsExactly(c.id());
    assertThat(cases.summaries(query(null, null, null, true)))
        .extracting(CaseSummary::alarms)
        .containsExactly(1);
    results.save(alarming.withdraw());
    assertThat(ids(true)).isEmpty();
  }

  private List<java.util.UUID> ids(boolean alarms) {
    return cases.search(query(null, null, null, alarms)).stream().map(Case::id).toList();
  }

  @Test
  void aCaseWithAnAlarmOfItsOwnIsInTheListUntilItChanges() {
    Case c =
        cases.create(new StudyKey("1.9", "A9", null, null, null, null), CaseState.FAILED, null);
    cases.alarm(c.id(), c.revision() + 1);
    assertThat(ids(true)).as("of another revision").isEmpty();
    cases.alarm(c.id(), c.revision());
    assertThat(ids(true)).containsExactly(c.id());
    assertThat(cases.hasAlarm(c.id())).isTrue();
    assertThat(cases.summaries(query(null, null, null, true)))
        .extracting(CaseSummary::alarms)
        .containsExactly(1);
    cases.apply(c.id(), CaseState.Event.REPORT_CANCELLED, "");
    assertThat(ids(true)).isEmpty();
  }

  @Test
  void metricsCountFromIndexes() {
    assertThat(plan(RowCounts.SQL))
        .containsAnyOf("cases_state", "seq scan on cases") // PostgreSQL reads whichever is smaller
        .contains("arrival_problem");
  }

  @Test
  void casesOfAnArrivalAreFoundByTheirIndexes() {
    StudyKey key = new StudyKey("1.2.7", "A8", null, "O9", null, null);
    assertThat(plan(CaseStore.SHARING, "1.2.7", "A8", "O9"))
        .contains("cases_study", "cases_accession", "cases_order");
    assertThat(cases.sharing(key))
        .extracting(c -> c.study().orderNumber())
        .containsExactly("O7", "O8", "O9");
  }

  @Test
  void whatWasSetAsideIsCountedWhateverTheOrderOfTheDatabasesLetters() {
    arrivals.paired(TestArrivals.next(arrivals), "duplicate");
    for (AsideReason reason : List.of(AsideReason.VALUE, AsideReason.UNEXPECTED)) {
      arrivals.setAside(TestArrivals.next(arrivals).id(), reason);
    }
    assertThat(arrivals.aside()).isEqualTo(2);
  }
}
