package org.m2ib.worklist;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.m2ib.base.Digests;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.IndexWork;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.ImageOrigin;
import org.m2ib.dicom.Tags;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.results.Audit;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/**
 * Keeps the rows of the worklist up with the cases. What changes a case marks it in the same
 * transaction; each question to the worklist waits until the marked ones are listed, so it finds
 * everything that was committed before it.
 */
public final class WorklistIndex {
  private static final Logger LOG = Logger.getLogger(WorklistIndex.class);
  private static final int BATCH = 100;
  private static final int LONGEST_TERM = 64;

  /** An order for what is missing: below everything. */
  static final double NONE = -1e300;

  private final Database database;
  private final Blobs blobs;
  private final CaseStore cases;
  private final ArrivalStore arrivals;
  private final ResultStore results;
  private final JudgementStore judgements;
  private final IndexWork work;

  /**
   * @param patience how long a question waits for the index, which a service of before has to build
   */
  public WorklistIndex(
      Database database,
      Blobs blobs,
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      JudgementStore judgements,
      Duration patience) {
    this.database = database;
    this.blobs = blobs;
    this.cases = cases;
    this.arrivals = arrivals;
    this.results = results;
    this.judgements = judgements;
    this.work =
        new IndexWork(this::step, patience, "the worklist is being built; ask again in a while");
  }

  /**
   * Returns when every case that changed before the call is listed as it is.
   *
   * @throws StorageUnavailableException if that takes longer than the patience, or the database
   *     fails
   */
  public void catchUp() {
    work.catchUp();
  }

  private record Changed(UUID id, int version) {}

  /** Lists a part of what has changed; false if nothing has. */
  private boolean step() {
    List<Changed> changed =
        database.list(
            (row, context) ->
                new Changed(row.getObject("id", UUID.class), row.getInt("list_version")),
            "select id, list_version from cases where listed = false limit " + BATCH);
    for (Changed one : changed) {
      Entry entry = entry(one.id());
      database.inTransaction(
          () -> {
            if (entry != null && cases.lock(one.id()).isPresent()) {
              write(entry);
              database.with(
                  h ->
                      h.execute(
                          "update cases set listed = true where id = ? and list_version = ?",
                          one.id(),
                          one.version()));
            }
          });
    }
    return !changed.isEmpty();
  }

  private record Entry(Case theCase, CaseStore.ListedFields listed, Facts facts) {}

  /** What is read from results, judgements and images. */
  private record Facts(
      String patientName,
      String studyDate,
      String modality,
      String viewPosition,
      String bodyPart,
      int sentences,
      int alarms,
      Set<String> kinds,
      double similarity,
      int judged,
      String picture,
      Set<String> terms) {}

  private Entry entry(UUID id) {
    Case c = cases.find(id).orElse(null);
    return c == null ? null : new Entry(c, cases.listed(id), facts(c));
  }

  private Facts facts(Case c) {
    List<StoredResult> valid = results.of(c.id()).stream().filter(r -> !r.withdrawn()).toList();
    Set<UUID> judged =
        Judgement.counting(judgements.of(c.id())).stream()
            .map(Judgement::resultId)
            .collect(Collectors.toSet());
    Set<String> kinds = new TreeSet<>();
    Set<String> terms = new TreeSet<>();
    for (StoredResult stored : valid) {
      SentenceResult result = read(stored);
      if (result != null) {
        Words.of(result.sentence().text()).forEach(terms::add);
        if (stored.alarm() && result.audit() != null) {
          result.audit().alarms().stream().map(Audit.Alarm::code).forEach(kinds::add);
        }
      }
    }
    boolean own = cases.hasAlarm(c.id());
    int alarms = (int) valid.stream().filter(StoredResult::alarm).count();
    if (own && alarms == 0) {
      kinds.add("case");
    }
    kinds.forEach(kind -> terms.add("alarm:" + kind));
    List<DicomObject> headers = headers(c);
    headers.stream().map(ImageOrigin::of).forEach(origin -> terms.addAll(terms(origin)));
    return new Facts(
        first(headers, Tags.PatientName),
        first(headers, Tags.StudyDate),
        each(headers, Tags.Modality),
        each(headers, Tags.ViewPosition),
        each(headers, Tags.BodyPartExamined),
        valid.size(),
        own ? Math.max(1, alarms) : alarms,
        kinds,
        valid.stream()
            .filter(r -> r.similarity() != null)
            .mapToDouble(StoredResult::similarity)
            .min()
            .orElse(NONE),
        (int) valid.stream().filter(r -> judged.contains(r.id())).count(),
        picture(valid),
        terms);
  }

  private static List<String> terms(ImageOrigin origin) {
    List<String> terms = new ArrayList<>();
    if (!origin.device().isEmpty()) {
      terms.add(WorklistQuery.deviceTerm(origin.device()));
    }
    if (!origin.sex().isEmpty()) {
      terms.add(WorklistQuery.SEX + origin.sex());
    }
    if (origin.age() != null) {
      terms.add(WorklistQuery.AGE + origin.ageBand());
    }
    return terms;
  }

  private static SentenceResult read(StoredResult stored) {
    try {
      return ResultJson.read(stored.body());
    } catch (IllegalArgumentException e) { // of another version: without its words
      LOG.warnf("result %s is listed without its words: %s", stored.id(), e.getMessage());
      return null;
    }
  }

  /** Of the first sentence with an alarm; else of the one with the lowest similarity. */
  private static String picture(List<StoredResult> valid) {
    return valid.stream()
        .filter(StoredResult::alarm)
        .findFirst()
        .or(
            () ->
                valid.stream()
                    .filter(r -> r.similarity() != null)
                    .min(Comparator.comparing(StoredResult::similarity)))
        .map(StoredResult::pictureBlob)
        .orElse("");
  }

  private List<DicomObject> headers(Case c) {
    List<DicomObject> headers = new ArrayList<>();
    if (c.images()) {
      Set<String> series = new TreeSet<>();
      for (Arrival image : arrivals.images(c.study().studyInstanceUid())) {
        if (series.add(String.valueOf(image.instance().seriesInstanceUid()))) {
          try {
            headers.add(DicomObject.read(blobs.path(image.instance().blob()), h -> false));
          } catch (IOException | RuntimeException e) {
            LOG.warnf("object %s cannot be read for the worklist", image.instance().blob());
          }
        }
      }
    }
    return headers;
  }

  private static String first(List<DicomObject> headers, int tag) {
    return headers.stream().map(h -> text(h, tag)).filter(v -> !v.isEmpty()).findFirst().orElse("");
  }

  private static String each(List<DicomObject> headers, int tag) {
    return headers.stream()
        .map(h -> text(h, tag))
        .filter(v -> !v.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining("\\"));
  }

  private static String text(DicomObject header, int tag) {
    String value = header.string(tag, "");
    return value == null ? "" : value.strip();
  }

  private void write(Entry entry) {
    Case c = entry.theCase();
    Facts facts = entry.facts();
    Function<String, String> some = value -> value == null ? "" : value;
    database.with(
        h -> {
          long version =
              h.select("select coalesce(max(version), 0) from worklist").mapTo(Long.class).one()
                  + 1;
          h.execute("delete from worklist_term where case_id = ?", c.id());
          h.execute("delete from worklist where case_id = ?", c.id());
          h.createUpdate(
                  """
                  insert into worklist (case_id, version, shuffle, patient, patient_name, patient_id,
                    accession, study_instance_uid, study_date, modality, view_position, body_part, model,
                    sentences, alarms, alarm_kinds, similarity, discordance, judged, unjudged, assigned,
                    state, reason, picture, updated_at)
                  values (:id, :version, :shuffle, :patient, :patientName,
                    :patientId, :accession, :study, :studyDate, :modality, :viewPosition, :bodyPart, :model,
                    :sentences, :alarms, :kinds, :similarity, :discordance, :judged, :unjudged, :assigned,
                    :state, :reason, :picture, :updated)
                  """)
              .bind("id", c.id())
              .bind("version", version)
              .bind("shuffle", shuffle(c.id()))
              .bind("patient", facts.patientName().toLowerCase(Locale.ROOT))
              .bind("patientName", facts.patientName())
              .bind("patientId", some.apply(c.study().patientId()))
              .bind("accession", some.apply(c.study().accessionNumber()))
              .bind("study", some.apply(c.study().studyInstanceUid()))
              .bind("studyDate", facts.studyDate())
              .bind("modality", facts.modality())
              .bind("viewPosition", facts.viewPosition())
              .bind("bodyPart", facts.bodyPart())
              .bind("model", some.apply(c.model()))
              .bind("sentences", facts.sentences())
              .bind("alarms", facts.alarms())
              .bind("kinds", String.join(" ", facts.kinds()))
              .bind("similarity", facts.similarity())
              .bind(
                  "discordance",
                  entry.listed().discordance() == null ? NONE : entry.listed().discordance())
              .bind("judged", facts.judged())
              .bind("unjudged", facts.sentences() - facts.judged())
              .bind("assigned", some.apply(entry.listed().assignedTo()))
              .bind("state", c.state().name())
              .bind("reason", c.reason())
              .bind("picture", facts.picture())
              .bind("updated", c.updatedAt().atOffset(ZoneOffset.UTC))
              .execute();
          var batch = h.prepareBatch("insert into worklist_term (term, case_id) values (?, ?)");
          facts.terms().stream()
              .filter(term -> term.length() <= LONGEST_TERM)
              .forEach(term -> batch.bind(0, term).bind(1, c.id()).add());
          if (batch.size() > 0) {
            batch.execute();
          }
          for (String term : facts.terms()) {
            h.execute(
                "insert into worklist_word (word) select t.term from worklist_term t where t.case_id = ?"
                    + " and t.term = ? and not exists (select 1 from worklist_word where word = ?)",
                c.id(),
                term,
                term);
          }
          return null;
        });
  }

  /** The same for the same case, and as good as random. */
  static int shuffle(UUID id) {
    String digest = Digests.sha256(id.toString());
    return (int) (Long.parseLong(digest.substring(0, 8), 16) >>> 1);
  }
}
