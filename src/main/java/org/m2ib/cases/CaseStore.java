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
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.CaseState.Event;

/** The cases and their states. */
public final class CaseStore {
  private static final Logger LOG = Logger.getLogger(CaseStore.class);

  /** Events that make earlier results out of date. */
  private static final Set<Event> CHANGES =
      EnumSet.of(
          Event.IMAGE_ALONE,
          Event.IMAGE,
          Event.REPORT_ALONE,
          Event.REPORT,
          Event.REPORT_CANCELLED,
          Event.MISMATCH,
          Event.REDO);

  /** Each condition uses its own index: with {@code or}, H2 scans all cases for every arrival. */
  static final String SHARING =
      """
      select * from cases where id in (
        select id from cases where study_instance_uid = ?
        union select id from cases where accession_number = ?
        union select id from cases where order_number = ?)
      order by created_at, id
      """;

  /** By what was received, which stays as it was. */
  static final String NAMING =
      """
      select * from cases where id in (
        select id from cases where patient_id = ?
        union select c.id from cases c join arrival a on c.report_arrival = a.id
          where a.patient_id = ?
        union select c.id from cases c join arrival a on c.study_instance_uid = a.study_instance_uid
          where a.kind = 'IMAGE' and a.patient_id = ? and c.images)
      order by created_at, id
      """;

  /** In an update of a case: the worklist is to show it again. */
  static final String LISTED_AGAIN = "listed = false, list_version = list_version + 1";

  private final Database database;
  private final Clock clock;

  public CaseStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Creates a case for its first image or report. */
  public Case create(StudyKey study, CaseState state, Long reportArrival) {
    Instant now = clock.instant();
    boolean images = state != CaseState.AWAITING_STUDY && state != CaseState.CANCELLED;
    Case made =
        new Case(
            UUID.randomUUID(), state, "", 0, images, study, reportArrival, null, null, now, now);
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
   * Performs a transition.
   *
   * @return the case after it; empty if the transition is not possible and nothing changed
   */
  public Optional<Case> apply(UUID id, Event event, String reason) {
    return change(id, -1, event, reason);
  }

  /** As {@link #apply}, but only if the case is still at this revision. */
  public Optional<Case> applyAt(UUID id, int revision, Event event, String reason) {
    return change(id, revision, event, reason);
  }

  /**
   * Locks the case row until the transaction ends. By convention this also guards the case's rows
   * in the outbox, so two deliveries that end at the same time see each other.
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
            LOG.warnf("case %s: event %s is not possible in state %s", id, event, before.state());
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

  /** Sets the study of a case's images, with identifiers completed from the report. */
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
                          visit_number = :visitNumber, %s
                        where id = :id
                        """
                        .formatted(LISTED_AGAIN))
                .bindMethods(study)
                .bind("id", id)
                .execute());
  }

  /** Removes a case that never had an image, because its report is in another case. */
  public void remove(UUID id) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute("delete from case_history where case_id = ?", id);
                  return h.execute("delete from cases where id = ? and not images", id);
                }));
  }

  /** Sets the patient of a case's study, after identifiers were merged or changed. */
  public void setPatient(UUID id, PatientId patient) {
    update(id, "patient_id = ?, issuer_of_patient_id = ?", patient.id(), patient.issuer());
  }

  /**
   * Cases of which the images, the report or both name a patient identifier, whatever its issuer.
   */
  public List<Case> naming(String patientId) {
    return database.list(ROW, NAMING, patientId, patientId, patientId);
  }

  /** Sets a case's report, the first or a later version. */
  public void setReport(UUID id, long arrival) {
    update(id, "report_arrival = ?", arrival);
  }

  /** Sets the model that attributes a case, if it is still at this revision. */
  public void setModel(UUID id, int revision, String model) {
    database.with(
        h ->
            h.execute(
                "update cases set model = ?, " + LISTED_AGAIN + " where id = ? and revision = ?",
                model,
                id,
                revision));
  }

  /** Sets the route of a case, if it is still at the revision that the route was chosen for. */
  public void setRoute(UUID id, Case.ChosenRoute route) {
    database.with(
        h ->
            h.execute(
                "update cases set route_name = ?, route_hash = ?, route_revision = ?,"
                    + " route_matched = ? where id = ? and revision = ?",
                route.name(),
                route.hash(),
                route.revision(),
                route.matched(),
                id,
                route.revision()));
  }

  /** Lets a case that begins again choose its route again; until then it has the one it had. */
  public void chooseRouteAgain(UUID id) {
    update(id, "route_revision = case when route_hash is null then null else -1 end");
  }

  /**
   * Marks that a person should look at the case itself, for example because an image was uniform.
   * Applies only at this revision, until the case changes.
   */
  public void alarm(UUID id, int revision) {
    database.with(
        h ->
            h.execute(
                "update cases set alarm = true, " + LISTED_AGAIN + " where id = ? and revision = ?",
                id,
                revision));
  }

  /** Whether a case is being attributed and has not changed since it was read. */
  public boolean isAttributed(Case c) {
    return find(c.id())
        .filter(now -> now.state() == CaseState.ATTRIBUTING && now.revision() == c.revision())
        .isPresent();
  }

  /** Moves a case behind the others in its state. */
  public void toTheBack(Case c) {
    database.with(
        h ->
            h.execute(
                "update cases set updated_at = ?, "
                    + LISTED_AGAIN
                    + " where id = ? and revision = ?",
                utc(clock.instant()),
                c.id(),
                c.revision()));
  }

  /**
   * Cases whose results are no longer valid: the report was withdrawn, or belongs to another
   * patient.
   */
  public List<Case> toWithdraw(int limit) {
    return query(
        """
        where state in ('WITHDRAWING', 'MISMATCHED') and (state = 'WITHDRAWING' or exists
          (select 1 from result r where r.case_id = cases.id and not r.withdrawn))
        order by updated_at, id limit ?
        """,
        limit);
  }

  /** The earlier studies of the patients of cases. */
  public PriorStore priors() {
    return new PriorStore(database, clock);
  }

  /** Whose studies are fetched from archives. */
  public RetrievalStore retrievals() {
    return new RetrievalStore(database, clock);
  }

  /** What modalities and archives announced of studies. */
  public PerformedStepStore performedSteps() {
    return new PerformedStepStore(database, clock);
  }

  /** Sets the reason without changing the state. */
  public void setReason(UUID id, String reason) {
    update(id, "reason = ?", reason);
  }

  /**
   * What the worklist shows of a case and nothing else needs.
   *
   * @param assignedTo sign-in name; null: nobody
   * @param discordance in [0, 1]; null: not computed
   */
  public record ListedFields(String assignedTo, Double discordance) {}

  public ListedFields listed(UUID id) {
    return database
        .list(
            (row, context) ->
                new ListedFields(
                    row.getString("assigned_to"), row.getObject("discordance", Double.class)),
            "select assigned_to, discordance from cases where id = ?",
            id)
        .get(0);
  }

  /**
   * Sets who is to look at a case.
   *
   * @param person sign-in name; null: nobody
   */
  public void assign(UUID id, String person) {
    update(id, "assigned_to = ?", person);
  }

  /** Has the worklist show a case again, after a change of what it is made from. */
  public void listAgain(UUID id) {
    database.with(h -> listAgain(h, id));
  }

  /** As {@link #listAgain(UUID)}, with what changed it. */
  public static int listAgain(Handle h, UUID id) {
    return h.execute("update cases set " + LISTED_AGAIN + " where id = ?", id);
  }

  private void update(UUID id, String assignments, Object... values) {
    Object[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = id;
    database.with(
        h ->
            h.execute(
                "update cases set " + LISTED_AGAIN + ", " + assignments + " where id = ?", all));
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
   * Filter of a list of cases.
   *
   * @param studyInstanceUid null: any
   * @param accessionNumber null: any
   * @param state null: any
   * @param alarms whether to return only cases with an alarm
   * @param offset position of the first case
   * @param limit maximum number of cases
   */
  public record Query(
      String studyInstanceUid,
      String accessionNumber,
      CaseState state,
      boolean alarms,
      int offset,
      int limit) {}

  /** A condition and its arguments. */
  record Sql(String text, Object[] arguments) {}

  /**
   * Contains only the conditions in use: an optional condition would prevent the use of an index.
   */
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

  /** The most recently changed first. */
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

  /** Whether a person should look at a case, or at a valid result of it. */
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
              row.getString("route_hash") == null
                  ? null
                  : new Case.ChosenRoute(
                      row.getString("route_name"),
                      row.getString("route_hash"),
                      row.getInt("route_revision"),
                      row.getString("route_matched")),
              row.getObject("created_at", OffsetDateTime.class).toInstant(),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());
}
