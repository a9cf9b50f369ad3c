package org.m2ib.cases;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/** Earlier studies of the patients of cases, and when they are looked for. */
public final class PriorStore {
  private final Database database;
  private final Clock clock;

  public PriorStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Opens a search for each case with images and report that changed lately and has none. */
  public void open(Duration lately) {
    OffsetDateTime now = at(clock.instant());
    database.with(
        h ->
            h.execute(
                """
                insert into prior_search (case_id, attempts, next_at, said)
                select c.id, 0, ?, '' from cases c
                where c.images and c.report_arrival is not null and c.updated_at >= ?
                  and c.state not in ('MISMATCHED', 'CANCELLED', 'WITHDRAWING', 'EXPIRED')
                  and not exists (select 1 from prior_search s where s.case_id = c.id)
                """,
                now,
                now.minus(lately)));
  }

  /** The searches that are due, the longest first. */
  public List<DueAttempt> due(int limit) {
    return database.list(
        DueAttempt.ROW,
        "select case_id, attempts from prior_search where next_at <= ? order by next_at, case_id limit ?",
        at(clock.instant()),
        limit);
  }

  /**
   * Takes a search, so that no other process makes it.
   *
   * @param until when it is due again if this process ends meanwhile
   * @return false if another process has taken it
   */
  public boolean take(DueAttempt due, Instant until) {
    return due.take(database, "prior_search", clock.instant(), until);
  }

  /**
   * Gives a search back that was taken and could not be made: it does not count.
   *
   * @param next when it is due again
   */
  public void giveBack(DueAttempt due, Instant next) {
    due.giveBack(database, "prior_search", next);
  }

  /**
   * Records what came of a search.
   *
   * @param ends whether there is no further one
   */
  public void said(UUID caseId, String said, boolean ends) {
    database.with(
        h ->
            h.execute(
                "update prior_search set said = ?"
                    + (ends ? ", next_at = null" : "")
                    + " where case_id = ?",
                said,
                caseId));
  }

  /** What came of the last search for a case; {@code ""} if there was none. */
  public String said(UUID caseId) {
    return database
        .list(
            (row, context) -> row.getString(1),
            "select said from prior_search where case_id = ?",
            caseId)
        .stream()
        .findFirst()
        .orElse("");
  }

  /** Adds or replaces an earlier study of a case. */
  public void put(UUID caseId, Prior prior) {
    database.inTransaction(
        () -> {
          database.with(
              h ->
                  h.execute(
                      "delete from prior where case_id = ? and study_instance_uid = ?",
                      caseId,
                      prior.studyInstanceUid()));
          database.with(
              h ->
                  h.execute(
                      """
                      insert into prior (case_id, study_instance_uid, study_date, study_description,
                        modalities, archive, state, reason, fetched)
                      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                      """,
                      caseId,
                      prior.studyInstanceUid(),
                      prior.studyDate(),
                      prior.studyDescription(),
                      prior.modalities(),
                      prior.archive(),
                      prior.state().name(),
                      prior.reason(),
                      prior.fetched()));
        });
  }

  /** The earlier studies of a case, the most recent first. */
  public List<Prior> of(UUID caseId) {
    return database.list(
        ROW,
        "select * from prior where case_id = ? order by study_date desc, study_instance_uid",
        caseId);
  }

  public Optional<Prior> find(UUID caseId, String studyInstanceUid) {
    return of(caseId).stream().filter(p -> p.studyInstanceUid().equals(studyInstanceUid)).findAny();
  }

  /** Whether a study is here only because it was asked for as an earlier one. */
  public boolean isFetched(String studyInstanceUid) {
    return !database
        .list(
            (row, context) -> row.getString(1),
            "select study_instance_uid from prior where study_instance_uid = ? and fetched limit 1",
            studyInstanceUid)
        .isEmpty();
  }

  /**
   * Whether two studies certainly are of one patient: both name an identifier, and it and its
   * issuer are the same, or have become the same by merges.
   */
  public boolean isSamePatient(StudyKey one, StudyKey other) {
    if (one.patientId() == null || other.patientId() == null) {
      return false;
    }
    PatientAliases aliases = new PatientAliases(database);
    return !Collections.disjoint(
        aliases.current(new PatientId(one.patientId(), one.issuerOfPatientId())),
        aliases.current(new PatientId(other.patientId(), other.issuerOfPatientId())));
  }

  /** Bytes of the earlier studies that were fetched for a case. */
  public long bytes(UUID caseId) {
    return database
        .list(
            (row, context) -> row.getLong(1),
            """
            select coalesce(sum(a.blob_bytes), 0) from arrival a
              join prior p on p.study_instance_uid = a.study_instance_uid
            where p.case_id = ? and p.fetched
            """,
            caseId)
        .get(0);
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<Prior> ROW =
      (row, context) ->
          new Prior(
              row.getString("study_instance_uid"),
              row.getString("study_date"),
              row.getString("study_description"),
              row.getString("modalities"),
              row.getString("archive"),
              Prior.State.valueOf(row.getString("state")),
              row.getString("reason"),
              row.getBoolean("fetched"));
}
