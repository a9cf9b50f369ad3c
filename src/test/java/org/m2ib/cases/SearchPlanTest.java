package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the list of cases asks of the database is answered from an index, not by every row. */
class SearchPlanTest {
  private final Database database = TestDatabase.h2();
  private final CaseStore cases = new CaseStore(database, Clock.systemUTC());

  @BeforeEach
  void fill() {
    for (int i = 0; i < 300; i++) {
      StudyKey key = new StudyKey("1.2." + i, "A" + i, null, null, null, null);
      cases.create(key, i % 3 == 0 ? CaseState.AWAITING_STUDY : CaseState.AWAITING_REPORT, null);
    }
    database.with(h -> h.execute("analyze"));
  }

  private static CaseStore.Query query(
      String study, String accession, CaseState s, boolean alarms) {
    return new CaseStore.Query(study, accession, s, alarms, 0, 100);
  }

  private String plan(CaseStore.Query query) {
    CaseStore.Sql sql = CaseStore.where(query);
    return database
        .list(
            (row, context) -> row.getString(1),
            "explain select * from cases " + sql.text(),
            sql.arguments())
        .get(0)
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
            java.util.UUID.randomUUID(), c.id(), 0, "0f", "{}", 0.1, true, "", "0f", false);
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
  void metricsCountFromAnIndex() {
    String plan =
        database
            .list(
                (row, context) -> row.getString(1),
                "explain select state, count(*) from cases group by state")
            .get(0);
    assertThat(plan.toLowerCase(java.util.Locale.ROOT)).contains("cases_state");
  }
}
