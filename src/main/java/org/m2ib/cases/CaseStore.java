package org.m2ib.cases;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.CaseState.Event;

/** The cases and their states. */
public final class CaseStore {
  private static final Logger LOG = Logger.getLogger(CaseStore.class);

  /** What makes earlier results out of date. */
  private static final Set<Event> CHANGES =
      EnumSet.of(
          Event.IMAGE_ALONE,
          Event.IMAGE,
          Event.REPORT_ALONE,
          Event.REPORT,
          Event.REPORT_CANCELLED,
          Event.MISMATCH,
          Event.REDO);

  /** Each from its index: with {@code or}, H2 reads every case for every arrival. */
  static final String SHARING =
      """
      select * from cases where id in (
        select id from cases where study_instance_uid = ?
        union select id from cases where accession_number = ?
        union select id from cases where order_number = ?)
      order by created_at, id
      """;

  private final Database database;
  private final Clock clock;

  public CaseStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A new case, for its first image or report. */
  public Case create(StudyKey study, CaseState state, Long reportArrival) {
    Instant now = clock.instant();
    boolean images = state != CaseState.AWAITING_STUDY && state != CaseState.CANCELLED;
    Case made =
        new Case(UUID.randomUUID(), state, "", 0, images, study, reportArrival, null, now, now);
    database.with(
        h ->
            h.createUpdate(
                    """
                        insert into cases (id, state, reason, revision, images, study_instance_uid,
                          accession_number, issuer_of_accession_number, order_number, patient_id,
                          issuer_of_patient_id, visit_number, report_arrival, created_at, updated_at)
                        values (:id, :state, '', 0, :images, :studyInstanceUid,
                          :accessionNumber, :issuerOfAccessionNumber, :orderNumber, :patientId,
                          :issuerOfPatientId, :visitNumber, :report, :now, :now)
                        """)
                .bind("id", made.id())
                .bind("state", state)
                .bind("images", images)
                .bindMethods(study)
                .bind("report", reportArrival)
                .bind("now", utc(now))
                .execute());
    return made;
  }

  /**
   * Takes a case over a transition.
   *
   * @return the case after it; empty where the transition cannot be, and nothing was changed
   */
  public Optional<Case> apply(UUID id, Event event, String reason) {
    return change(id, -1, event, reason);
  }

  /** As {@link #apply}, only when the case is still at this revision. */
  public Optional<Case> applyAt(UUID id, int revision, Event event, String reason) {
    return change(id, revision, event, reason);
  }

  /**
   * Locks the case row until the transaction ends. By convention this also guards the case's rows
   * in the outbox, so two deliveries that end at once see each other.
   */
  public Optional<Case> lock(UUID id) {
    return query("where id = ? for update", id).stream().findFirst();
  }

  private Optional<Case> change(UUID id, int revision, Event event, String reason) {
    return database.inTransaction(
        () -> {
          Case before = lock(id).orElseThrow();
          if (revision >= 0 && before.revision() != revision) {
            return Optional.empty();
          }
          Optional<CaseState> next = before.state().on(event);
          if (next.isEmpty()) {
            LOG.warnf("case %s: %s cannot be in state %s", id, event, before.state());
            return Optional.empty();
          }
          boolean changed = CHANGES.contains(event);
          update(
              id,
              "state = ?, reason = ?, revision = ?, model = ?, updated_at = ?"
                  + (changed ? ", " + ResultStore.ALARM : ""),
              next.get().name(),
              reason,
              before.revision() + (changed ? 1 : 0),
              changed ? null : before.model(),
              utc(clock.instant()));
          return find(id);
        });
  }

  /** Gives a case its images' study, with identifiers filled up from the report. */
  public void setStudy(UUID id, StudyKey study) {
    database.with(
        h ->
            h.createUpdate(
                    """
                        update cases set images = true, study_instance_uid = :studyInstanceUid,
                          accession_number = :accessionNumber,
                          issuer_of_accession_number = :issuerOfAccessionNumber,
                          order_number = :orderNumber, patient_id = :patientId,
                          issuer_of_patient_id = :issuerOfPatientId,
                          visit_number = :visitNumber
                        where id = :id
                        """)
                .bindMethods(study)
                .bind("id", id)
                .execute());
  }

  /** Gives a case its report, the first or a later version. */
  public void setReport(UUID id, long arrival) {
    update(id, "report_arrival = ?", arrival);
  }

  /** Gives a case the model that it is attributed by, while it is still at this revision. */
  public void setModel(UUID id, int revision, String model) {
    database.with(
        h ->
            h.execute(
                "update cases set model = ? where id = ? and revision = ?", model, id, revision));
  }

  /**
   * A person should look at the case itself, as when an image had nothing to see; while it is still
   * at this revision, and until it changes.
   */
  public void alarm(UUID id, int revision) {
    database.with(
        h ->
            h.execute("update cases set alarm = true where id = ? and revision = ?", id, revision));
  }

  /** Whether a case is being attributed and has not changed since it was read. */
  public boolean isAttributed(Case c) {
    return find(c.id())
        .filter(now -> now.state() == CaseState.ATTRIBUTING && now.revision() == c.revision())
        .isPresent();
  }

  /** Others that are in its state have waited longer from now on. */
  public void toTheBack(Case c) {
    database.with(
        h ->
            h.execute(
                "update cases set updated_at = ? where id = ? and revision = ?",
                utc(clock.instant()),
                c.id(),
                c.revision()));
  }

  /** Cases whose results no longer hold: the report was withdrawn, or is of another patient. */
  public List<Case> toWithdraw(int limit) {
    return query(
        """
        where state in ('WITHDRAWING', 'MISMATCHED') and (state = 'WITHDRAWING' or exists
          (select 1 from result r where r.case_id = cases.id and not r.withdrawn))
        order by updated_at, id limit ?
        """,
        limit);
  }

  /** The reason a person reads; the state stays. */
  public void setReason(UUID id, String reason) {
    update(id, "reason = ?", reason);
  }

  private void update(UUID id, String assignments, Object... values) {
    Object[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = id;
    database.with(h -> h.execute("update cases set " + assignments + " where id = ?", all));
  }

  public Optional<Case> find(UUID id) {
    return query("where id = ?", id).stream().findFirst();
  }

  /** Cases that share an identifier with this one: study UID, accession number or order number. */
  public List<Case> sharing(StudyKey study) {
    return database.list(
        ROW, SHARING, study.studyInstanceUid(), study.accessionNumber(), study.orderNumber());
  }

  /** Cases in a state, the longest unchanged first. */
  public List<Case> in(CaseState state, int limit) {
    return query("where state = ? order by updated_at, id limit ?", state.name(), limit);
  }

  /**
   * What a user looks for.
   *
   * @param studyInstanceUid null: any
   * @param accessionNumber null: any
   * @param state null: any
   * @param alarms whether only those with an alarm
   * @param offset of the first
   * @param limit of how many
   */
  public record Query(
      String studyInstanceUid,
      String accessionNumber,
      CaseState state,
      boolean alarms,
      int offset,
      int limit) {}

  /** A condition and what stands for its question marks. */
  record Sql(String text, Object[] arguments) {}

  /** Of what is asked for alone: a condition that may be switched off keeps from every index. */
  static Sql where(Query q) {
    List<String> conditions = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    if (q.studyInstanceUid() != null) {
      conditions.add("study_instance_uid = ?");
      arguments.add(q.studyInstanceUid());
    }
    if (q.accessionNumber() != null) {
      conditions.add("accession_number = ?");
      arguments.add(q.accessionNumber());
    }
    if (q.state() != null) {
      conditions.add("state = ?");
      arguments.add(q.state().name());
    }
    if (q.alarms()) {
      conditions.add("alarm");
    }
    arguments.add(q.limit());
    arguments.add(q.offset());
    String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
    return new Sql(where + " order by updated_at desc, id limit ? offset ?", arguments.toArray());
  }

  /** The latest changed first. */
  public List<Case> search(Query q) {
    Sql sql = where(q);
    return query(sql.text(), sql.arguments());
  }

  /** As {@link #search}, with figures of their results; no result's body is read. */
  public List<CaseSummary> summaries(Query q) {
    Sql sql = where(q);
    return database.list(
        (row, context) ->
            new CaseSummary(
                ROW.map(row, context),
                row.getInt("sentences"),
                row.getObject("lowest_similarity", Double.class),
                row.getInt("alarms"),
                row.getInt("judged")),
        """
        select c.*,
          (select count(*) from result r where r.case_id = c.id and not r.withdrawn) as sentences,
          (select min(r.similarity) from result r
            where r.case_id = c.id and not r.withdrawn) as lowest_similarity,
          (select greatest(count(*), case when c.alarm then 1 else 0 end) from result r
            where r.case_id = c.id and not r.withdrawn and r.alarm) as alarms,
          (select count(*) from result r where r.case_id = c.id and not r.withdrawn
            and r.id in (select j.result_id from judgement j where j.case_id = c.id and j.undone_at is null)) as judged
        from (select * from cases
        """
            + sql.text()
            + ") c order by updated_at desc, id",
        sql.arguments());
  }

  /** Whether a person should look at a case, or at a result of it that holds. */
  public boolean hasAlarm(UUID id) {
    return database
        .list((row, context) -> row.getBoolean("alarm"), "select alarm from cases where id = ?", id)
        .get(0);
  }

  private List<Case> query(String where, Object... arguments) {
    return database.list(ROW, "select * from cases " + where, arguments);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<Case> ROW =
      (row, context) ->
          new Case(
              row.getObject("id", UUID.class),
              CaseState.valueOf(row.getString("state")),
              row.getString("reason"),
              row.getInt("revision"),
              row.getBoolean("images"),
              StudyKeys.read(row),
              row.getObject("report_arrival", Long.class),
              row.getString("model"),
              row.getObject("created_at", OffsetDateTime.class).toInstant(),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());
}
