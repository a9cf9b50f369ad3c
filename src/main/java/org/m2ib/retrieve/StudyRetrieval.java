package org.m2ib.retrieve;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.m2ib.base.Counted;
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
 * matches. What arrives is received like anything that is sent. Several archives are asked side by
 * side, each for one case at a time.
 */
public final class StudyRetrieval implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StudyRetrieval.class);
  private static final int AT_ONCE = 20;

  /** One more than one would do; a few more tell an archive that ignores its keys. */
  private static final int MOST_MATCHES = 10;

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
  private final ArchiveTurns turns;
  private final Background background;

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
    this.turns = new ArchiveTurns(clock);
    this.background =
        new Background("study-retrieval", settings.archives().size(), "studies cannot be fetched");
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

  /**
   * Makes the attempts that are due, but for those that other threads make. With as many threads as
   * archives, there is one for each archive that does not hang.
   */
  public void run() {
    open();
    for (DueAttempt due : store.due(AT_ONCE + settings.archives().size())) {
      if (background.isShutdown()
          || settings.archives().stream().limit(1).anyMatch(turns::isBusyForAMoment)) {
        return; // the cases stay due
      }
      turns.once(due.caseId(), () -> attempt(due));
    }
  }

  /** By one thread at a time: two would open an attempt for the same case. */
  private synchronized void open() {
    store.open(settings.after());
  }

  private void attempt(DueAttempt due) {
    if (store.take(due, clock.instant().plus(settings.pause(due.attempts() + 1)))) {
      cases
          .find(due.caseId())
          .filter(c -> c.state() == CaseState.AWAITING_STUDY || store.isPartly(c.id()))
          .ifPresent(c -> attempt(c, due));
    }
  }

  private void attempt(Case c, DueAttempt due) {
    List<String> said = new ArrayList<>();
    boolean last = due.attempts() + 1 >= settings.attempts();
    boolean passedOver = false;
    boolean ended = false;
    Optional<String> unaskable = unaskable(c);
    if (unaskable.isPresent()) {
      said.add(unaskable.get());
      last = true;
    }
    for (RemoteAe archive : unaskable.isPresent() ? List.<RemoteAe>of() : settings.archives()) {
      Answer answer = ask(c, archive);
      said.add(archive.aeTitle() + ": " + answer.what());
      LOG.infof("case %s: its study was asked for at %s: %s", c.id(), archive, answer.what());
      passedOver |= answer.end() == End.PASSED_OVER;
      if (answer.ends()) {
        ended = true;
        last |= answer.end() == End.FOR_GOOD;
        break;
      }
    }
    last &= !passedOver; // that one may have it
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
    } else if (passedOver && !ended) {
      store.giveBack(due, clock.instant().plus(ArchiveTurns.BUSY_PAUSE));
    }
  }

  /** How asking one archive ended. */
  private enum End {
    /** Not with the study: the next one is asked. */
    NEXT,
    /** Another case had it for long: the next one is asked. */
    PASSED_OVER,
    /** No other archive is asked now. */
    FOR_NOW,
    /** Asking again would not help. */
    FOR_GOOD
  }

  /** What came of asking one archive. */
  private record Answer(String what, End end) {
    boolean ends() {
      return end == End.FOR_NOW || end == End.FOR_GOOD;
    }
  }

  private Answer ask(Case c, RemoteAe archive) {
    ReceivedReport report = arrivals.get(c.reportArrival()).report();
    try {
      return turns.ask(archive, () -> answer(c, archive, report));
    } catch (ArchiveTurns.NotAskedException e) {
      return new Answer(e.getMessage(), e.isBusy() ? End.PASSED_OVER : End.NEXT);
    } catch (DicomNetworkException e) {
      return new Answer(e.getMessage(), End.NEXT);
    } catch (RuntimeException e) {
      LOG.error("an answer of " + archive + " cannot be used", Traces.withoutMessages(e));
      return new Answer("its answer cannot be used: " + FailurePlace.of(e), End.NEXT);
    }
  }

  private Answer answer(Case c, RemoteAe archive, ReceivedReport report) {
    StudyKey wanted = c.study();
    List<DicomObject> answers = scu.find(archive, StudyQuery.of(wanted), MOST_MATCHES);
    List<DicomObject> matches =
        answers.stream().filter(match -> StudyQuery.isSame(wanted, match)).toList();
    if (matches.isEmpty()) {
      return new Answer(
          answers.isEmpty() ? "no such study" : "no such study, its answers are others", End.NEXT);
    }
    if (matches.stream().map(StudyQuery::uid).distinct().count() > 1) {
      return new Answer("several studies match, none was fetched", End.FOR_GOOD);
    }
    return fetch(c, archive, matches.get(0), report);
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
      return new Answer("it does not say whose the study is, not fetched", End.FOR_NOW);
    }
    String disagreement = identity.patientDisagreement(found, report.study());
    if (!disagreement.isEmpty()) {
      return new Answer(
          "the study there is of another patient (" + disagreement + "), not fetched", End.FOR_NOW);
    }
    int instances = match.integer(Tags.NumberOfStudyRelatedInstances, 0);
    if (instances > settings.mostInstances()) {
      return new Answer(
          "the study has %d objects, more than m2ib.retrieve.most-instances".formatted(instances),
          End.FOR_GOOD);
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
                ? Counted.of(retrieved.completed(), "object") + " fetched"
                : "fetched with %s, %s came, %d did not"
                    .formatted(
                        retrieved.text(),
                        Counted.of(Math.max(0, retrieved.completed()), "object"),
                        retrieved.failed());
      } catch (DicomNetworkException e) {
        failure = e;
        what = e.getMessage() + ", " + Counted.of(came, "object") + " came";
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
        what +=
            ", %s %s missing"
                .formatted(Counted.of(missing.get(), "image"), missing.get() == 1 ? "is" : "are");
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
      return new Answer(what, came > 0 ? End.FOR_NOW : End.NEXT);
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
      return new Answer(what, End.FOR_NOW);
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
