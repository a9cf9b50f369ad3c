package org.m2ib.cases;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/** Received items, as rows that are never changed. */
public final class ArrivalStore implements Inbox {
  private static final String INSTANCE = "IMAGE";
  private static final String REPORT = "REPORT";
  private static final String PATIENT = "PATIENT";
  private static final String ORDER = "ORDER";
  private static final String ASIDE = "set aside: ";

  /** Most rows have no problem. A range condition would depend on the database's collation. */
  private static final String IS_ASIDE = "problem is not null and problem like '" + ASIDE + "%'";

  static final String ASIDE_COUNT = "select count(*) from arrival where " + IS_ASIDE;
  private static final String RETRY =
      "update arrival set paired_at = null, problem = null where " + IS_ASIDE;

  /** Why a merge is never accepted. */
  static final String CIRCLE =
      "the prior identifier is itself what the surviving one was merged into: merges must not form"
          + " a circle";

  private final Database database;
  private final Clock clock;
  private final Blobs blobs;
  private final PatientAliases aliases;

  /**
   * @param blobs holds the bytes, whose length goes into the row
   */
  public ArrivalStore(Database database, Clock clock, Blobs blobs) {
    this.database = database;
    this.clock = clock;
    this.blobs = blobs;
    this.aliases = new PatientAliases(database);
  }

  @Override
  public void receive(ReceivedInstance instance) {
    insert(
        """
        insert into arrival (kind, received_at, blob, blob_bytes, study_instance_uid, accession_number,
          issuer_of_accession_number, order_number, patient_id, issuer_of_patient_id, visit_number,
          series_instance_uid, sop_instance_uid, sop_class_uid, modality, view_position,
          expected_instances, calling_ae_title, called_ae_title, notes)
        values (:kind, :at, :blob, :blobBytes, :studyInstanceUid, :accessionNumber, :issuerOfAccessionNumber,
          :orderNumber, :patientId, :issuerOfPatientId, :visitNumber,
          :i.seriesInstanceUid, :i.sopInstanceUid, :i.sopClassUid, :i.modality, :i.viewPosition, :i.expectedInstances, :i.callingAeTitle, :i.calledAeTitle, :i.notes)
        """,
        INSTANCE,
        instance.blob(),
        instance.study(),
        instance,
        u -> u.bindMethods("i", instance));
  }

  @Override
  public void receive(ReceivedReport report) {
    ReceivedReport.Document document = report.document();
    insert(
        """
        insert into arrival (kind, received_at, blob, blob_bytes, study_instance_uid, accession_number,
          issuer_of_accession_number, order_number, patient_id, issuer_of_patient_id, visit_number,
          report_id, report_status, report_text, source, language, issued, sent, notes,
          sop_instance_uid, predecessors, authors)
        values (:kind, :at, :blob, :blobBytes, :studyInstanceUid, :accessionNumber, :issuerOfAccessionNumber,
          :orderNumber, :patientId, :issuerOfPatientId, :visitNumber,
          :r.reportId, :r.status, :r.text, :r.source, :r.language, :t.issued, :t.sent, :r.notes,
          :sop, :predecessors, :authors)
        """,
        REPORT,
        report.blob(),
        report.study(),
        report,
        u ->
            u.bindMethods("r", report)
                .bindMethods("t", report.times())
                .bind(
                    "authors",
                    report.authors().isEmpty() ? null : String.join("\n", report.authors()))
                .bind("sop", document == null ? null : document.sopInstanceUid())
                .bind(
                    "predecessors",
                    document == null ? null : String.join("\\", document.predecessors())));
  }

  @Override
  public void receiveDocument(ReceivedReport report) {
    String id =
        query(
                "where study_instance_uid = ? and kind = 'REPORT' and predecessors is not null"
                    + " order by id",
                report.study().studyInstanceUid())
            .stream()
            .map(Arrival::report)
            .filter(report::isVersionOf)
            .map(ReceivedReport::reportId)
            .findFirst()
            .orElse(report.reportId());
    receive(report.as(id));
  }

  @Override
  public void receive(List<PatientChange> changes) {
    database.inTransaction(() -> changes.forEach(this::receive));
  }

  private void receive(PatientChange change) {
    PatientId prior = change.prior();
    if (prior != null && aliases.closesCircle(prior, change.patient())) {
      throw new UnstorableException("priorPatientId", CIRCLE, null);
    }
    StudyKey key =
        new StudyKey(null, null, null, null, change.patient().id(), change.patient().issuer());
    insert(
        """
        insert into arrival (kind, received_at, blob, blob_bytes, patient_id, issuer_of_patient_id,
          prior_patient_id, issuer_of_prior_patient_id, event, sender, operator, issued, sent)
        values (:kind, :at, :blob, :blobBytes, :patientId, :issuerOfPatientId,
          :priorId, :priorIssuer, :c.event, :c.sender, :c.operator, :t.issued, :t.sent)
        """,
        PATIENT,
        change.blob(),
        key,
        change,
        u ->
            u.bindMethods("c", change)
                .bindMethods("t", change.times())
                .bind("priorId", prior == null ? null : prior.id())
                .bind("priorIssuer", prior == null ? null : prior.issuer()));
  }

  @Override
  public void receiveOrders(List<ReceivedOrder> orders) {
    database.inTransaction(() -> orders.forEach(this::receive));
  }

  private void receive(ReceivedOrder order) {
    insert(
        """
        insert into arrival (kind, received_at, blob, blob_bytes, study_instance_uid, accession_number,
          issuer_of_accession_number, order_number, patient_id, issuer_of_patient_id, visit_number,
          event)
        values (:kind, :at, :blob, :blobBytes, :studyInstanceUid, :accessionNumber, :issuerOfAccessionNumber,
          :orderNumber, :patientId, :issuerOfPatientId, :visitNumber, :event)
        """,
        ORDER,
        order.blob(),
        order.study(),
        order,
        u -> u.bind("event", order.event()));
  }

  @Override
  public Optional<ReceivedReport> document(String number) {
    return query(
            "where sop_instance_uid = ? and kind = 'REPORT' and source = 'hl7' order by id desc",
            number)
        .stream()
        .map(Arrival::report)
        .findFirst();
  }

  @Override
  public boolean knows(PatientId patient) {
    return !database
        .list(
            (row, context) -> row.getLong(1),
            "select id from arrival where patient_id = ? and kind in ('IMAGE', 'REPORT') limit 1",
            patient.id())
        .isEmpty();
  }

  private void insert(
      String sql, String kind, String blob, StudyKey key, Record row, UnaryOperator<Update> bind) {
    try {
      insertRow(sql, kind, blob, key, bind);
    } catch (UnstorableException e) {
      throw e.of(key, row);
    }
  }

  private void insertRow(
      String sql, String kind, String blob, StudyKey key, UnaryOperator<Update> bind) {
    database.with(
        h ->
            bind.apply(
                    h.createUpdate(sql)
                        .bind("kind", kind)
                        .bind("at", now())
                        .bind("blob", blob)
                        .bind("blobBytes", blobs.size(blob))
                        .bindMethods(key))
                .execute());
  }

  /**
   * Number of the oldest arrival that pairing has not processed. Only its number, because a row
   * that cannot be read must not block those after it.
   */
  public Optional<Long> nextUnpairedId() {
    return database
        .list(
            (row, context) -> row.getLong(1),
            "select id from arrival where paired_at is null order by id limit 1")
        .stream()
        .findFirst();
  }

  /**
   * Marks an arrival as processed.
   *
   * @param problem why it could not be paired; {@code ""} if it was
   */
  public void paired(Arrival arrival, String problem) {
    mark(arrival.id(), problem.isEmpty() ? null : problem);
  }

  /**
   * Marks an arrival that pairing cannot process; it belongs to no case.
   *
   * @param why for a person to read, without patient data
   */
  public void setAside(long id, AsideReason why) {
    mark(id, ASIDE + why.code());
  }

  private void mark(long id, String problem) {
    database.with(
        h ->
            h.createUpdate("update arrival set paired_at = :at, problem = :problem where id = :id")
                .bind("at", now())
                .bind("problem", problem)
                .bind("id", id)
                .execute());
  }

  /** Number of arrivals set aside. */
  public long aside() {
    return database.list((row, context) -> row.getLong(1), ASIDE_COUNT).get(0);
  }

  /** The arrivals set aside, in order of arrival. */
  public List<SetAsideArrival> setAside(int limit) {
    return database.list(
        SET_ASIDE, "select * from arrival where " + IS_ASIDE + " order by id limit ?", limit);
  }

  /**
   * Lets pairing process all set-aside arrivals again.
   *
   * @return number of them
   */
  public int retry() {
    return database.with(h -> h.execute(RETRY));
  }

  /**
   * As {@link #retry()}, for one arrival.
   *
   * @return false if it is not set aside
   */
  public boolean retry(long id) {
    return database.with(h -> h.execute(RETRY + " and id = ?", id)) == 1;
  }

  public Arrival get(long id) {
    return query("where id = ?", id).get(0);
  }

  /**
   * The images of a study that pairing has processed, the latest version of each, in order of first
   * arrival.
   */
  public List<Arrival> images(String studyInstanceUid) {
    return query(
        """
        where id in (select max(id) from arrival
          where kind = 'IMAGE' and study_instance_uid = ? and paired_at is not null
            and not (%s)
          group by sop_instance_uid)
        order by id
        """
            .formatted(IS_ASIDE),
        studyInstanceUid);
  }

  /**
   * One stored DICOM object.
   *
   * @param sopClassUid null for a report, whose row does not have it
   * @param bytes length of the stored file
   */
  public record StoredObject(String sopClassUid, String blob, long bytes) {}

  /** What was received under a SOP Instance UID, the latest version first. */
  public List<StoredObject> objects(String sopInstanceUid) {
    return database.list(
        (row, context) ->
            new StoredObject(
                row.getString("sop_class_uid"), row.getString("blob"), row.getLong("blob_bytes")),
        """
        select sop_class_uid, blob, blob_bytes from arrival
        where sop_instance_uid = ? and (kind = 'IMAGE' or kind = 'REPORT' and predecessors is not null)
        order by id desc
        """,
        sopInstanceUid);
  }

  /**
   * The reports with an identifier that pairing has processed, of any study, in order of arrival.
   */
  public List<Arrival> versions(String reportId) {
    return query(
        "where report_id = ? and paired_at is not null and problem is null order by id", reportId);
  }

  /** What patient messages did to cases. */
  public CaseHistory history() {
    return new CaseHistory(database, this);
  }

  @Override
  public Optional<String> textBefore(String reportId, StudyKey study) {
    return query("where report_id = ? order by id desc", reportId).stream()
        .map(Arrival::report)
        .filter(r -> sharesIdentifier(r.study(), study) && !r.text().isBlank())
        .map(ReceivedReport::text)
        .findFirst();
  }

  private static boolean sharesIdentifier(StudyKey a, StudyKey b) {
    return same(a.accessionNumber(), b.accessionNumber())
        || same(a.studyInstanceUid(), b.studyInstanceUid())
        || same(a.orderNumber(), b.orderNumber());
  }

  private static boolean same(String a, String b) {
    return a != null && a.equals(b);
  }

  private List<Arrival> query(String where, Object... arguments) {
    return database.list(ROW, "select * from arrival " + where, arguments);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  /** Does not require what an {@link Arrival} does: such a row may not be readable as one. */
  private static final RowMapper<SetAsideArrival> SET_ASIDE =
      (row, context) -> {
        AsideReason why = AsideReason.kept(row.getString("problem").substring(ASIDE.length()));
        return new SetAsideArrival(
            row.getLong("id"),
            row.getString("kind"),
            row.getObject("received_at", OffsetDateTime.class).toInstant(),
            row.getObject("paired_at", OffsetDateTime.class).toInstant(),
            why.words(),
            why.code(),
            row.getString("study_instance_uid"),
            row.getString("accession_number"),
            row.getString("order_number"),
            row.getString("sop_instance_uid"),
            row.getString("report_id"));
      };

  private static final RowMapper<Arrival> ROW =
      (row, context) -> {
        StudyKey key = StudyKeys.read(row);
        Instant at = row.getObject("received_at", OffsetDateTime.class).toInstant();
        String blob = row.getString("blob");
        ReportTimes times = new ReportTimes(row.getString("issued"), row.getString("sent"));
        if (row.getString("kind").equals(PATIENT)) {
          String prior = row.getString("prior_patient_id");
          return new Arrival(
              row.getLong("id"),
              at,
              null,
              null,
              new PatientChange(
                  prior == null
                      ? null
                      : new PatientId(prior, row.getString("issuer_of_prior_patient_id")),
                  new PatientId(key.patientId(), key.issuerOfPatientId()),
                  row.getString("event"),
                  row.getString("sender"),
                  row.getString("operator"),
                  times,
                  blob),
              null);
        }
        if (row.getString("kind").equals(ORDER)) {
          return new Arrival(
              row.getLong("id"),
              at,
              null,
              null,
              null,
              new ReceivedOrder(key, row.getString("event"), blob));
        }
        if (row.getString("kind").equals(INSTANCE)) {
          return new Arrival(
              row.getLong("id"),
              at,
              new ReceivedInstance(
                  key,
                  row.getString("series_instance_uid"),
                  row.getString("sop_instance_uid"),
                  row.getString("sop_class_uid"),
                  row.getString("modality"),
                  row.getString("view_position"),
                  row.getObject("expected_instances", Integer.class),
                  row.getString("calling_ae_title"),
                  row.getString("called_ae_title"),
                  blob,
                  row.getString("notes")),
              null);
        }
        return new Arrival(
            row.getLong("id"),
            at,
            null,
            new ReceivedReport(
                key,
                row.getString("report_id"),
                ReportStatus.valueOf(row.getString("report_status")),
                row.getString("report_text"),
                row.getString("source"),
                row.getString("language"),
                blob,
                times,
                row.getString("notes"),
                authors(row.getString("authors")),
                document(row.getString("sop_instance_uid"), row.getString("predecessors"))));
      };

  private static List<String> authors(String lines) {
    return lines == null ? List.of() : lines.lines().toList();
  }

  private static ReceivedReport.Document document(String sopInstanceUid, String predecessors) {
    return predecessors == null
        ? null
        : new ReceivedReport.Document(
            sopInstanceUid,
            Stream.of(predecessors.split("\\\\")).filter(uid -> !uid.isEmpty()).toList());
  }
}
