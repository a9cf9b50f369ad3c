package org.m2ib.cases;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Judgements. Rows are never deleted: they remain when a result is withdrawn, and an undone one is
 * marked.
 */
public final class JudgementStore {
  private final Database database;
  private final Clock clock;

  public JudgementStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Stores a judgement with the current time.
   *
   * @throws IllegalArgumentException as thrown by {@link Judgement}
   */
  public Judgement add(StoredResult result, Verdict verdict, String note, String person) {
    Judgement made =
        new Judgement(
            UUID.randomUUID(),
            result.caseId(),
            result.id(),
            verdict,
            note,
            person,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            false);
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.createUpdate(
                          """
                          insert into judgement (id, case_id, result_id, verdict, note, person, judged_at)
                          values (:id, :caseId, :resultId, :verdict, :note, :person, :when)
                          """)
                      .bindMethods(made)
                      .bind("when", made.at().atOffset(ZoneOffset.UTC))
                      .execute();
                  return CaseStore.listAgain(h, made.caseId());
                }));
    return made;
  }

  /** Marks a judgement as undone now; has no effect if it already is. */
  public void undo(UUID id) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.createUpdate(
                          "update judgement set undone_at = :when where id = :id and undone_at is null")
                      .bind("id", id)
                      .bind("when", clock.instant().atOffset(ZoneOffset.UTC))
                      .execute();
                  return h.execute(
                      "update cases set "
                          + CaseStore.LISTED_AGAIN
                          + " where id = (select case_id from judgement where id = ?)",
                      id);
                }));
  }

  /** All of a case, the latest first, including those of withdrawn results. */
  public List<Judgement> of(UUID caseId) {
    return database.list(
        ROW, "select * from judgement where case_id = ? order by number desc", caseId);
  }

  private static final RowMapper<Judgement> ROW =
      (row, context) ->
          new Judgement(
              row.getObject("id", UUID.class),
              row.getObject("case_id", UUID.class),
              row.getObject("result_id", UUID.class),
              Verdict.valueOf(row.getString("verdict")),
              row.getString("note"),
              row.getString("person"),
              row.getObject("judged_at", OffsetDateTime.class).toInstant(),
              row.getObject("undone_at") != null);
}
