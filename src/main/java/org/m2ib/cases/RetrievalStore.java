package org.m2ib.cases;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** Which cases' studies are asked for at other archives, and when the next attempt is due. */
public final class RetrievalStore {
  /**
   * In place of the case's revision: part of the study came. Then the case goes on with what there
   * is, and changes as it does, while the rest is asked for.
   */
  private static final int PARTLY = -1;

  private final Database database;
  private final Clock clock;

  public RetrievalStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Opens an attempt for each case without images that has waited so long since its last change.
   */
  public void open(Duration wait) {
    OffsetDateTime since = at(clock.instant().minus(wait));
    database.with(
        h ->
            h.execute(
                """
                delete from retrieval where exists (select 1 from cases c
                  where c.id = retrieval.case_id and c.revision <> retrieval.revision)
                  and revision <> ?
                """,
                PARTLY));
    database.with(
        h ->
            h.execute(
                """
                insert into retrieval (case_id, revision, attempts, next_at)
                select id, revision, 0, updated_at from cases c
                where state = 'AWAITING_STUDY' and updated_at <= ?
                  and not exists (select 1 from retrieval r where r.case_id = c.id)
                """,
                since));
  }

  /** The attempts that are due, the longest first. */
  public List<DueAttempt> due(int limit) {
    return database.list(
        DueAttempt.ROW,
        """
        select r.case_id, r.attempts from retrieval r join cases c on c.id = r.case_id
        where r.next_at <= ? and (c.state = 'AWAITING_STUDY'
          or r.revision = ? and c.state not in ('CANCELLED', 'WITHDRAWING', 'MISMATCHED', 'EXPIRED'))
        order by r.next_at, r.case_id limit ?
        """,
        at(clock.instant()),
        PARTLY,
        limit);
  }

  /**
   * Takes an attempt, so that no other process makes it.
   *
   * @param until when it is due again if this process ends meanwhile
   * @return false if another process has taken it
   */
  public boolean take(DueAttempt due, Instant until) {
    return due.take(database, "retrieval", clock.instant(), until);
  }

  /**
   * Gives an attempt back that was taken and could not be made: it does not count.
   *
   * @param next when it is due again
   */
  public void giveBack(DueAttempt due, Instant next) {
    due.giveBack(database, "retrieval", next);
  }

  /**
   * @param next null: no further attempt, until the case changes
   */
  public void again(UUID caseId, Instant next) {
    database.with(
        h ->
            h.execute(
                "update retrieval set next_at = ? where case_id = ?",
                next == null ? null : at(next),
                caseId));
  }

  /** Notes that a study is being fetched: all of it is asked for, whatever becomes of its case. */
  public void partly(UUID caseId) {
    database.with(
        h -> h.execute("update retrieval set revision = ? where case_id = ?", PARTLY, caseId));
  }

  /** Notes that nothing of it came. */
  public void nothing(UUID caseId) {
    database.with(
        h ->
            h.execute(
                """
                update retrieval set revision = (select c.revision from cases c where c.id = ?)
                where case_id = ?
                """,
                caseId,
                caseId));
  }

  /** Whether part of the case's study was fetched, and not yet the rest. */
  public boolean isPartly(UUID caseId) {
    return !database
        .list(
            (row, context) -> row.getInt("attempts"),
            "select attempts from retrieval where case_id = ? and revision = ?",
            caseId,
            PARTLY)
        .isEmpty();
  }

  /** Notes that all of a study is here. */
  public void complete(UUID caseId) {
    database.with(
        h -> h.execute("delete from retrieval where case_id = ? and revision = ?", caseId, PARTLY));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
