package org.m2ib.quality;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.IndexWork;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.ImageOrigin;
import org.m2ib.discordance.Claim;
import org.m2ib.report.Language;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/**
 * Keeps the rows that the figures are made from up with the cases: each question waits until every
 * case that changed before it has its rows, so that no figure needs the bodies of results, which
 * are long.
 */
public final class QualityIndex {
  private static final Logger LOG = Logger.getLogger(QualityIndex.class);
  private static final int BATCH = 100;

  private final Database database;
  private final Blobs blobs;
  private final CaseStore cases;
  private final ArrivalStore arrivals;
  private final ResultStore results;
  private final IndexWork work;

  /**
   * @param patience how long a question waits for the index, which a service of before has to build
   */
  public QualityIndex(
      Database database,
      Blobs blobs,
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      Duration patience) {
    this.database = database;
    this.blobs = blobs;
    this.cases = cases;
    this.arrivals = arrivals;
    this.results = results;
    this.work =
        new IndexWork(
            this::step, patience, "the quality figures are being built; ask again in a while");
  }

  /**
   * Returns when every case that changed before the call has its rows.
   *
   * @throws org.m2ib.cases.StorageUnavailableException if that takes longer than the patience
   */
  void catchUp() {
    work.catchUp();
  }

  private record Changed(UUID id, int version) {}

  private boolean step() {
    List<Changed> changed =
        database.list(
            (row, context) ->
                new Changed(row.getObject("id", UUID.class), row.getInt("list_version")),
            """
            select c.id, c.list_version from cases c left join quality_case q on q.case_id = c.id
            where q.version is null or q.version <> c.list_version limit %d
            """
                .formatted(BATCH));
    for (Changed one : changed) {
      Case c = cases.find(one.id()).orElse(null);
      if (c != null) {
        List<Facts> facts = facts(c);
        database.inTransaction(
            () -> {
              if (cases.lock(c.id()).isPresent()) {
                write(c, one.version(), facts);
              }
            });
      }
    }
    return !changed.isEmpty();
  }

  /** Of one result. */
  private record Facts(StoredResult stored, SentenceResult result, Source source) {}

  private record Source(String sender, ImageOrigin origin) {}

  private List<Facts> facts(Case c) {
    Map<String, Source> sources = new HashMap<>();
    Map<String, String> senders = new HashMap<>();
    if (c.images()) {
      for (Arrival image : arrivals.images(c.study().studyInstanceUid())) {
        ReceivedInstance instance = image.instance();
        senders.put(
            instance.blob(), Optional.ofNullable(instance.callingAeTitle()).orElse("").strip());
      }
    }
    List<Facts> facts = new ArrayList<>();
    for (StoredResult stored : results.of(c.id())) {
      if (!stored.withdrawn()) {
        Source source =
            sources.computeIfAbsent(
                stored.imageBlob(), blob -> source(blob, senders.getOrDefault(blob, "")));
        facts.add(new Facts(stored, read(stored), source));
      }
    }
    return facts;
  }

  private static SentenceResult read(StoredResult stored) {
    try {
      return ResultJson.read(stored.body());
    } catch (IllegalArgumentException e) { // of another version
      LOG.warnf("result %s is only counted: %s", stored.id(), e.getMessage());
      return null;
    }
  }

  private Source source(String blob, String sender) {
    try {
      DicomObject header = DicomObject.read(blobs.path(blob), h -> false);
      return new Source(sender, ImageOrigin.of(header));
    } catch (IOException | RuntimeException e) {
      LOG.warnf("object %s cannot be read for the quality figures", blob);
      return new Source(sender, ImageOrigin.UNKNOWN);
    }
  }

  private record Delivered(Instant at, Double turnaround) {}

  private void write(Case c, int version, List<Facts> facts) {
    String day = c.createdAt().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    Delivered delivered = delivered(c);
    database.with(
        h -> {
          h.execute("delete from quality_result where case_id = ?", c.id());
          h.execute("delete from quality_case where case_id = ?", c.id());
          h.createUpdate(
                  """
                  insert into quality_case (case_id, version, received_day, delivered_at, turnaround)
                  values (:id, :version, :day, cast(:at as timestamp with time zone),
                    cast(:turnaround as double precision))
                  """)
              .bind("id", c.id())
              .bind("version", version)
              .bind("day", day)
              .bind("at", delivered == null ? null : delivered.at().atOffset(ZoneOffset.UTC))
              .bind("turnaround", delivered == null ? null : delivered.turnaround())
              .execute();
          facts.forEach(fact -> write(h, c, day, fact));
          return null;
        });
  }

  private static void write(Handle h, Case c, String day, Facts facts) {
    SentenceResult result = facts.result();
    Function<Function<Audit, Double>, Double> audited =
        figure -> result == null || result.audit() == null ? null : figure.apply(result.audit());
    h.createUpdate(
            """
            insert into quality_result (case_id, result_id, received_day, model, modality, sender,
              device, sex, age, findings, similarity, spread, hot_area, on_text, outside_body, alarm)
            values (:case, :result, :day, :model, :modality, :sender,
              :device, :sex, cast(:age as int), :findings, cast(:similarity as double precision),
              cast(:spread as double precision), cast(:hotArea as double precision),
              cast(:onText as double precision), cast(:outsideBody as double precision), :alarm)
            """)
        .bind("case", c.id())
        .bind("result", facts.stored().id())
        .bind("day", day)
        .bind("model", c.model() == null ? "" : c.model())
        .bind("modality", result == null ? "" : some(result.image().modality()))
        .bind("sender", facts.source().sender())
        .bind("device", facts.source().origin().device())
        .bind("sex", facts.source().origin().sex())
        .bind("age", facts.source().origin().age())
        .bind("findings", result == null ? "" : findings(result))
        .bind("similarity", facts.stored().similarity())
        .bind("spread", audited.apply(Audit::entropy))
        .bind("hotArea", result == null ? null : (Double) result.place().areaAboveHalf())
        .bind("onText", audited.apply(Audit::shareOnText))
        .bind("outsideBody", audited.apply(Audit::shareOutsideBody))
        .bind("alarm", facts.stored().alarm())
        .execute();
  }

  private static String some(String value) {
    return value == null ? "" : value;
  }

  /** Those of the list that its sentence names, each between blanks; {@code ""} for none. */
  private static String findings(SentenceResult result) {
    Language language = Language.ofCode(result.audit() == null ? null : result.audit().language());
    String codes =
        Claim.in(result.sentence().text(), language).stream()
            .map(claim -> claim.finding().code())
            .distinct()
            .collect(Collectors.joining(" "));
    return codes.isEmpty() ? "" : " " + codes + " ";
  }

  /** The first delivery stays, whatever is sent again; null before it. */
  private Delivered delivered(Case c) {
    Optional<Delivered> before =
        database.list(DELIVERED, "select * from quality_case where case_id = ?", c.id()).stream()
            .filter(first -> first.at() != null)
            .findFirst();
    if (before.isPresent() || c.state() != CaseState.DELIVERED) {
      return before.orElse(null);
    }
    Instant at =
        latest(
                "select max(updated_at) as latest from outbox where case_id = ? and status ="
                    + " 'DELIVERED'",
                c.id())
            .orElse(c.updatedAt());
    Instant complete =
        List.of(
                latest(
                    "select max(received_at) as latest from arrival where kind = 'IMAGE' and"
                        + " study_instance_uid = ?",
                    c.study().studyInstanceUid()),
                latest("select received_at as latest from arrival where id = ?", c.reportArrival()))
            .stream()
            .flatMap(Optional::stream)
            .max(Instant::compareTo)
            .orElse(null);
    Double seconds =
        complete == null || complete.isAfter(at)
            ? null
            : Duration.between(complete, at).toMillis() / 1000.0;
    return new Delivered(at, seconds);
  }

  private Optional<Instant> latest(String sql, Object argument) {
    return argument == null
        ? Optional.empty()
        : database
            .list((row, context) -> Optional.ofNullable(instant(row, "latest")), sql, argument)
            .stream()
            .flatMap(Optional::stream)
            .findFirst();
  }

  private static Instant instant(java.sql.ResultSet row, String column)
      throws java.sql.SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static final RowMapper<Delivered> DELIVERED =
      (row, context) ->
          new Delivered(instant(row, "delivered_at"), row.getObject("turnaround", Double.class));
}
