package org.m2ib.retrieve;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.DueAttempt;
import org.m2ib.cases.FailurePlace;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.RetrievalStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.DicomKeys;
import org.m2ib.pairing.StudyIdentity;

/**
 * Fetches the study that a report speaks of when nobody has sent it: asks the archives in order,
 * and takes a study only if it is the one that the report names, of the same patient, and no other
 * matches. What arrives is received like anything that is sent.
 */
public final class StudyRetrieval implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StudyRetrieval.class);
  private static final int AT_ONCE = 20;

  /** One more than one would do; a few more tell an archive that ignores its keys. */
  private static final int MOST_MATCHES = 10;

  /** An archive that takes longer to fail would hold up the other reports. */
  private static final Duration HOLDS_UP = Duration.ofSeconds(10);

  /** Each is a query of its own. */
  private static final int MOST_SERIES = 100;

  /** How studies are retrieved. */
  public enum Method {
    /** C-GET: over our own association. */
    GET,
    /** C-MOVE: the archive calls our listener, whose address it must know. */
    MOVE;

    /**
     * @throws IllegalArgumentException unless the name is {@code get} or {@code move}
     */
    public static Method parse(String name) {
      return switch (name) {
        case "get" -> GET;
        case "move" -> MOVE;
        default ->
            throw new IllegalArgumentException(
                "m2ib.retrieve.method = " + name + ": must be get or move");
      };
    }
  }

  /**
   * @param archives asked in this order; none: nothing is fetched
   * @param after how long a report waits for its study before it is asked for
   * @param attempts most attempts for a case, each of all archives
   * @param firstPause after the first attempt; it doubles with each further one
   * @param longestPause longest pause between attempts
   * @param mostInstances larger studies are not fetched
   * @param sopClasses storage classes that C-GET accepts
   * @param aeTitle our own, to which C-MOVE sends
   */
  public record Settings(
      List<RemoteAe> archives,
      Method method,
      Duration after,
      int attempts,
      Duration firstPause,
      Duration longestPause,
      int mostInstances,
      Collection<String> sopClasses,
      String aeTitle) {
    public Settings {
      archives = List.copyOf(archives);
      sopClasses = Set.copyOf(sopClasses);
      if (sopClasses.size() > QueryScu.MOST_CLASSES) {
        throw new IllegalArgumentException(
            "m2ib.images.sop-classes has %d classes, more than the %d that C-GET can ask for"
                .formatted(sopClasses.size(), QueryScu.MOST_CLASSES));
      }
      if (attempts < 1 || mostInstances < 1) {
        throw new IllegalArgumentException(
            "m2ib.retrieve.attempts = %d, m2ib.retrieve.most-instances = %d: must be at least 1"
                .formatted(attempts, mostInstances));
      }
      if (after.isNegative()
          || firstPause.isNegative()
          || firstPause.isZero()
          || longestPause.compareTo(firstPause) < 0) {
        throw new IllegalArgumentException(
            "m2ib.retrieve.after = %s, first-pause = %s, longest-pause = %s: must not be negative, and"
                    .formatted(after, firstPause, longestPause)
                + " in this order of length");
      }
    }

    Duration pause(int attempts) {
      Duration pause = firstPause;
      for (int i = 1; i < attempts && pause.compareTo(longestPause) < 0; i++) {
        pause = pause.multipliedBy(2);
      }
      return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
  }

  private final Settings settings;
  private final QueryScu scu;
  private final StudyIntake intake;
  private final StudyIdentity identity;
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final RetrievalStore store;
  private final Clock clock;
  private final Background background =
      new Background("study-retrieval", "studies cannot be fetched");

  /**
   * @param intake receives what C-GET brings
   */
  public StudyRetrieval(
      Settings settings,
      QueryScu scu,
      StudyIntake intake,
      StudyIdentity identity,
      ArrivalStore arrivals,
      CaseStore cases,
      RetrievalStore store,
      Clock clock) {
    this.settings = settings;
    this.scu = scu;
    this.intake = intake;
    this.identity = identity;
    this.arrivals = arrivals;
    this.cases = cases;
    this.store = store;
    this.clock = clock;
  }

  /** Fetches in the background from now on, if an archive is configured. */
  public void start() {
    if (!settings.archives().isEmpty()) {
      background.repeat(this::run);
    }
  }

  /** Waits a moment for a retrieval; one that takes longer is repeated after the next start. */
  @Override
  public void close() {
    background.close();
  }

  /** Makes the attempts that are due. */
  public void run() {
    Map<RemoteAe, String> slow = new HashMap<>();
    store.open(settings.after());
    for (DueAttempt due : store.due(AT_ONCE)) {
      int attempts = due.attempts() + 1;
      Instant next = clock.instant().plus(settings.pause(attempts));
      if (!background.isShutdown() && store.take(due, next)) {
        cases
            .find(due.caseId())
            .filter(c -> c.state() == CaseState.AWAITING_STUDY || store.isPartly(c.id()))
            .ifPresent(c -> attempt(c, attempts, slow));
      }
    }
  }

  /**
   * @param slow archives that failed in this run after a long time, with what they failed by
   */
  private void attempt(Case c, int attempts, Map<RemoteAe, String> slow) {
    List<String> said = new ArrayList<>();
    boolean last = attempts >= settings.attempts();
    Optional<String> unaskable = unaskable(c);
    if (unaskable.isPresent()) {
      said.add(unaskable.get());
      last = true;
    }
    for (RemoteAe archive : unaskable.isPresent() ? List.<RemoteAe>of() : settings.archives()) {
      Answer answer =
          slow.containsKey(archive)
              ? new Answer("not asked, it has just failed: " + slow.get(archive), false, false)
              : ask(c, archive, slow);
      said.add(archive.aeTitle() + ": " + answer.what());
      LOG.infof("case %s: its study was asked for at %s: %s", c.id(), archive, answer.what());
      if (answer.ends()) {
        last |= answer.isFinal();
        break;
      }
    }
    String after = last ? "; not asked again" : "";
    // what was fetched may be paired by now, and then no image is missing
    cases
        .find(c.id())
        .filter(now -> now.state() == CaseState.AWAITING_STUDY)
        .ifPresent(
            now ->
                cases.setReason(
                    now.id(),
                    "no image arrived; "
                        + (unaskable.isPresent() ? "" : "asked ")
                        + String.join("; ", said)
                        + after));
    if (last) {
      store.again(c.id(), null);
    }
  }

  /**
   * What came of asking one archive.
   *
   * @param ends whether no other archive is asked now
   * @param isFinal whether asking again would not help
   */
  private record Answer(String what, boolean ends, boolean isFinal) {}

  private Answer ask(Case c, RemoteAe archive, Map<RemoteAe, String> slow) {
    ReceivedReport report = arrivals.get(c.reportArrival()).report();
    StudyKey wanted = c.study();
    Instant begun = clock.instant();
    try {
      List<DicomObject> answers = scu.find(archive, StudyQuery.of(wanted), MOST_MATCHES);
      List<DicomObject> matches =
          answers.stream().filter(match -> StudyQuery.isSame(wanted, match)).toList();
      if (matches.isEmpty()) {
        return new Answer(
            answers.isEmpty() ? "no such study" : "no such study, its answers are others",
            false,
            false);
      }
      if (matches.stream().map(StudyQuery::uid).distinct().count() > 1) {
        return new Answer("several studies match, none was fetched", true, true);
      }
      return fetch(c, archive, matches.get(0), report);
    } catch (DicomNetworkException e) {
      if (begun.plus(HOLDS_UP).isBefore(clock.instant())) {
        slow.put(archive, e.getMessage());
      }
      return new Answer(e.getMessage(), false, false);
    } catch (RuntimeException e) {
      LOG.error("an answer of " + archive + " cannot be used", Traces.withoutMessages(e));
      return new Answer("its answer cannot be used: " + FailurePlace.of(e), false, false);
    }
  }

  /** Why a study is not asked for. */
  private Optional<String> unaskable(Case c) {
    StudyKey wanted = c.study();
    StudyKey report = arrivals.get(c.reportArrival()).report().study();
    if (wanted.studyInstanceUid() == null && wanted.accessionNumber() == null) {
      return Optional.of("not asked, the report has neither study UID nor accession number");
    }
    if (wanted.studyInstanceUid() == null && report.patientId() == null) {
      return Optional.of("not asked, the report has neither study UID nor patient identifier");
    }
    if (wanted.studyInstanceUid() == null
        && wanted.accessionNumber().matches(".*[*?\\\\].*|.{17,}")) {
      return Optional.of("not asked, the accession number is no value of DICOM");
    }
    return Optional.empty();
  }

  private Answer fetch(Case c, RemoteAe archive, DicomObject match, ReceivedReport report) {
    StudyKey found = DicomKeys.study(match);
    if (report.study().patientId() != null && found.patientId() == null) {
      return new Answer("it does not say whose the study is, not fetched", true, false);
    }
    String disagreement = identity.patientDisagreement(found, report.study());
    if (!disagreement.isEmpty()) {
      return new Answer(
          "the study there is of another patient (" + disagreement + "), not fetched", true, false);
    }
    int instances = match.integer(Tags.NumberOfStudyRelatedInstances, 0);
    if (instances > settings.mostInstances()) {
      return new Answer(
          "the study has %d objects, more than m2ib.retrieve.most-instances".formatted(instances),
          true,
          true);
    }
    return new Fetch(c, archive, found.studyInstanceUid(), instances).run();
  }

  /**
   * The retrieval of one study. What it is without some of its images cannot be seen from a result,
   * so it is fetched again until all are here.
   */
  private final class Fetch {
    private final Case c;
    private final RemoteAe archive;
    private final String uid;
    private final int instances;
    private final Set<String> refused = new TreeSet<>();
    private int came;

    /**
     * @param instances that the archive says the study has; 0 if it does not say
     */
    Fetch(Case c, RemoteAe archive, String uid, int instances) {
      this.c = c;
      this.archive = archive;
      this.uid = uid;
      this.instances = instances;
    }

    Answer run() {
      boolean begun = store.isPartly(c.id());
      if (begun && missing().equals(Optional.of(0))) { // they came late
        return complete("all of its images are here");
      }
      store.partly(c.id());
      DicomNetworkException failure = null;
      String what;
      boolean clean = false;
      try {
        QueryScu.Retrieved retrieved =
            settings.method() == Method.GET
                ? scu.get(archive, uid, settings.sopClasses(), this::take)
                : scu.move(archive, uid, settings.aeTitle());
        if (settings.method() == Method.MOVE) {
          came = Math.max(0, retrieved.completed());
        }
        clean = retrieved.isComplete() && retrieved.completed() >= instances;
        what =
            retrieved.isComplete()
                ? "%d objects fetched".formatted(retrieved.completed())
                : "fetched with %s, %d objects came, %d did not"
                    .formatted(
                        retrieved.text(), Math.max(0, retrieved.completed()), retrieved.failed());
      } catch (DicomNetworkException e) {
        failure = e;
        what = e.getMessage() + ", %d objects came".formatted(came);
      }
      if (!refused.isEmpty()) {
        what += ", refused here: " + String.join(", ", refused);
      }
      if (clean && came > 0 && settings.method() == Method.GET) {
        return complete(what);
      }
      Optional<Integer> missing = failure == null ? missing() : Optional.empty();
      if (missing.equals(Optional.of(0)) || clean && came > 0 && missing.isEmpty()) {
        return complete(what);
      }
      if (missing.isPresent()) {
        what += ", %d images are missing".formatted(missing.get());
        if (settings.method() == Method.MOVE && clean) {
          what += ": they were sent to %s as the archive knows it".formatted(settings.aeTitle());
        }
      }
      if (came == 0 && !begun) {
        store.nothing(c.id());
      }
      if (failure != null && came == 0) {
        throw failure;
      }
      return new Answer(what, came > 0, false);
    }

    private Answer complete(String what) {
      store.complete(c.id());
      cases
          .find(c.id())
          .filter(now -> now.reason().contains(Case.PARTLY_FETCHED))
          .ifPresent(
              now ->
                  cases.setReason(
                      now.id(),
                      Stream.of(now.reason().split("; "))
                          .filter(part -> !part.equals(Case.PARTLY_FETCHED))
                          .collect(Collectors.joining("; "))));
      return new Answer(what, true, false);
    }

    private void take(IncomingObject object) throws IOException {
      try {
        intake.store(object, uid);
        came++;
      } catch (RefusedException e) {
        refused.add(e.getMessage());
        throw e;
      }
    }

    /** How many images of the archive's study are not here; empty if it does not tell. */
    private Optional<Integer> missing() {
      try {
        List<DicomObject> series = scu.find(archive, StudyQuery.series(uid), MOST_SERIES + 1);
        if (series.isEmpty() || series.size() > MOST_SERIES) {
          return Optional.empty();
        }
        int missing = 0;
        for (DicomObject one : series) {
          missing +=
              (int)
                  scu
                      .find(
                          archive,
                          StudyQuery.instances(uid, one.string(Tags.SeriesInstanceUID)),
                          settings.mostInstances())
                      .stream()
                      .filter(this::isMissing)
                      .count();
        }
        return Optional.of(missing);
      } catch (RuntimeException e) { // a query that it does not answer, or not by the standard
        LOG.warnf("%s does not say which images the study has: %s", archive, e.getMessage());
        return Optional.empty();
      }
    }

    private boolean isMissing(DicomObject instance) {
      String sopClass = instance.string(Tags.SOPClassUID);
      return (sopClass == null || settings.sopClasses().contains(sopClass))
          && arrivals.objects(instance.string(Tags.SOPInstanceUID)).isEmpty();
    }
  }
}
