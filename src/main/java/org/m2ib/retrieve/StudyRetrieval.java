package org.m2ib.retrieve;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
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
  private final StoreScp.Handler intake;
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
      StoreScp.Handler intake,
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
    store.open(settings.after());
    for (DueAttempt due : store.due(AT_ONCE)) {
      int attempts = due.attempts() + 1;
      Instant next = clock.instant().plus(settings.pause(attempts));
      if (!background.isShutdown() && store.take(due, next)) {
        cases
            .find(due.caseId())
            .filter(c -> c.state() == CaseState.AWAITING_STUDY)
            .ifPresent(c -> attempt(c, attempts));
      }
    }
  }

  private void attempt(Case c, int attempts) {
    List<String> said = new ArrayList<>();
    boolean last = attempts >= settings.attempts();
    for (RemoteAe archive : settings.archives()) {
      Answer answer = ask(c, archive);
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
                    now.id(), "no image arrived; asked " + String.join("; ", said) + after));
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

  private Answer ask(Case c, RemoteAe archive) {
    ReceivedReport report = arrivals.get(c.reportArrival()).report();
    StudyKey wanted = c.study();
    Optional<String> unaskable = unaskable(wanted, report.study());
    if (unaskable.isPresent()) {
      return new Answer(unaskable.get(), true, true);
    }
    try {
      List<DicomObject> matches =
          scu.find(archive, StudyQuery.of(wanted), MOST_MATCHES).stream()
              .filter(match -> StudyQuery.isSame(wanted, match))
              .toList();
      if (matches.isEmpty()) {
        return new Answer("no such study", false, false);
      }
      if (matches.stream().map(StudyQuery::uid).distinct().count() > 1) {
        return new Answer("several studies match, none was fetched", true, true);
      }
      return fetch(archive, matches.get(0), report);
    } catch (DicomNetworkException e) {
      return new Answer(e.getMessage(), false, false);
    } catch (RuntimeException e) {
      LOG.error("an answer of " + archive + " cannot be used", Traces.withoutMessages(e));
      return new Answer("its answer cannot be used: " + FailurePlace.of(e), false, false);
    }
  }

  /** Why a study is not asked for. */
  private static Optional<String> unaskable(StudyKey wanted, StudyKey report) {
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

  private Answer fetch(RemoteAe archive, DicomObject match, ReceivedReport report) {
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
    String uid = found.studyInstanceUid();
    QueryScu.Retrieved retrieved =
        settings.method() == Method.GET
            ? scu.get(archive, uid, settings.sopClasses(), intake)
            : scu.move(archive, uid, settings.aeTitle());
    String what =
        retrieved.isComplete()
            ? "%d objects fetched".formatted(retrieved.completed())
            : "fetched with status %04X, %d objects came, %d did not"
                .formatted(retrieved.status(), retrieved.completed(), retrieved.failed());
    return new Answer(what, true, false);
  }
}
