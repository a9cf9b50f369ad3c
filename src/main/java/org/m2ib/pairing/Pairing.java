package org.m2ib.pairing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.AsideReason;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.FailurePlace;
import org.m2ib.cases.OrderStore;
import org.m2ib.cases.PatientAliases;
import org.m2ib.cases.PerformedStepStore;
import org.m2ib.cases.PriorStore;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;

/**
 * Matches images with reports: there is one case for each study and each report of it. Arrivals are
 * processed in order, each in its own transaction; only one thread runs this at a time.
 */
public final class Pairing {
  private static final Logger LOG = Logger.getLogger(Pairing.class);
  static final String OUT_OF_DATE = "out of date: a later version has already arrived";
  private static final String REPORT_CANCELLED = "the report was cancelled";
  private static final int BATCH = 1000;

  /**
   * @param quietPeriod a study is complete when nothing has arrived for it for this long
   * @param expiry a case that waits longer for its study or report expires
   * @param orderExpiry what an order says is forgotten after this time
   */
  public record Settings(Duration quietPeriod, Duration expiry, Duration orderExpiry) {
    public Settings {
      if (orderExpiry.isNegative() || orderExpiry.isZero()) {
        throw new IllegalArgumentException(
            "m2ib.study.order-expiry = %s: must be above 0".formatted(orderExpiry));
      }
      if (quietPeriod.isNegative() || expiry.isNegative() || expiry.isZero()) {
        throw new IllegalArgumentException(
            "m2ib.study.quiet-period = %s, m2ib.study.expiry = %s: must not be negative"
                .formatted(quietPeriod, expiry));
      }
    }
  }

  private final Settings settings;
  private final Database database;
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final Clock clock;
  private final Patients patients;
  private final Joining joining;
  private final PatientChanges patientChanges;
  private final OrderStore orderStore;
  private final Orders orders;
  private final PerformedStepStore steps;
  private final PriorStore priors;

  /** Cases whose failure has been logged, so that it is not logged every second. */
  private final Set<UUID> stuck = new HashSet<>();

  public Pairing(
      Settings settings, Database database, ArrivalStore arrivals, CaseStore cases, Clock clock) {
    this.settings = settings;
    this.database = database;
    this.arrivals = arrivals;
    this.cases = cases;
    this.clock = clock;
    PatientAliases aliases = new PatientAliases(database);
    this.patients = new Patients(aliases);
    this.joining = new Joining(arrivals, cases, patients);
    this.orderStore = new OrderStore(database);
    this.steps = new PerformedStepStore(database, clock);
    this.priors = new PriorStore(database, clock);
    this.orders = new Orders(orderStore, clock, settings.orderExpiry());
    this.patientChanges = new PatientChanges(arrivals, cases, aliases, patients, joining);
  }

  /** Pairs new arrivals, completes quiet studies, and expires cases that waited too long. */
  public void run() {
    Optional<Long> next = arrivals.nextUnpairedId();
    while (next.isPresent()) {
      pair(next.get());
      next = arrivals.nextUnpairedId();
    }
    completeStudies();
    expire(CaseState.AWAITING_REPORT, "no report arrived");
    expire(CaseState.AWAITING_STUDY, "no image arrived");
    orders.expire();
  }

  /**
   * One arrival, one transaction; an arrival that cannot be processed does not block the others.
   */
  private void pair(long id) {
    try {
      database.inTransaction(
          () -> {
            Arrival arrival = arrivals.get(id);
            if (arrival.instance() != null) {
              pairImage(arrival);
            } else if (arrival.patient() != null) {
              patientChanges.apply(arrival);
            } else if (arrival.order() != null) {
              pairOrder(arrival);
            } else {
              pairReport(arrival);
            }
          });
    } catch (StorageUnavailableException e) {
      throw e; // retried from the start
    } catch (RuntimeException e) {
      LOG.errorf(Traces.withoutMessages(e), "arrival %d is set aside: %s", id, FailurePlace.of(e));
      arrivals.setAside(id, AsideReason.of(e));
    }
  }

  private void pairImage(Arrival arrival) {
    StudyKey key = orders.complete(arrival.study());
    boolean duplicate =
        arrivals.images(key.studyInstanceUid()).stream()
            .map(Arrival::instance)
            .anyMatch(
                i ->
                    i.sopInstanceUid().equals(arrival.instance().sopInstanceUid())
                        && i.blob().equals(arrival.instance().blob()));
    arrivals.paired(arrival, duplicate ? "duplicate" : "");
    if (duplicate) {
      return;
    }
    List<Case> sharing = cases.sharing(key);
    List<Case> own = sharing.stream().filter(c -> c.images() && hasUid(c, key)).toList();
    own.forEach(c -> imageCame(c, c.study()));
    if (own.isEmpty()) {
      meetReports(key, sharing);
    }
  }

  /**
   * A study's first image: reports may be waiting for it, or may already be paired with a sister
   * study. An earlier study that was fetched is no sister: only a report that still waits for it
   * means it.
   */
  private void meetReports(StudyKey key, List<Case> sharing) {
    boolean prior = priors.isFetched(key.studyInstanceUid());
    Set<Long> met = new TreeSet<>();
    for (Case c : sharing) {
      if (c.reportArrival() == null || prior && c.images()) {
        continue;
      }
      ReceivedReport report = report(c);
      StudyKey its = orders.complete(report.study());
      if (StudyMatch.sameStudy(key, its) && met.add(c.reportArrival())) {
        StudyKey merged = joining.study(StudyMatch.merge(key, its), report);
        Case own =
            c.images() ? cases.create(merged, CaseState.AWAITING_STUDY, c.reportArrival()) : c;
        cases.setStudy(own.id(), merged);
        imageCame(own, merged);
      }
    }
    if (met.isEmpty()) {
      Case made = cases.create(patients.settle(key, null), CaseState.AWAITING_REPORT, null);
      if (prior) {
        cases.setReason(made.id(), "fetched as an earlier study of a patient");
      }
    }
  }

  private void imageCame(Case c, StudyKey study) {
    if (c.reportArrival() == null) {
      cases.apply(c.id(), Event.IMAGE_ALONE, "");
      return;
    }
    ReceivedReport report = report(c);
    if (report.status() == ReportStatus.CANCELLED) {
      cases.apply(c.id(), Event.IMAGE, c.reason());
    } else {
      joining.join(c, study, report, Event.IMAGE);
    }
  }

  private void pairReport(Arrival arrival) {
    ReceivedReport report = arrival.report();
    StudyKey study = orders.complete(arrival.study());
    List<Case> sharing = cases.sharing(study);
    List<Case> same = sharing.stream().filter(c -> isVersionOf(report, c)).toList();
    String old = outOfDate(arrival, same);
    arrivals.paired(arrival, old);
    if (!old.isEmpty()) {
      return;
    }
    if (!same.isEmpty()) {
      same.forEach(c -> newVersion(c, arrival));
      return;
    }
    if (!meetStudies(arrival, study, sharing)) {
      boolean cancelled = report.status() == ReportStatus.CANCELLED;
      Case made =
          cases.create(
              patients.settle(study, null),
              cancelled ? CaseState.CANCELLED : CaseState.AWAITING_STUDY,
              arrival.id());
      if (cancelled) {
        cases.setReason(made.id(), REPORT_CANCELLED);
      }
    }
  }

  private boolean meetStudies(Arrival report, StudyKey study, List<Case> sharing) {
    List<Case> same =
        sharing.stream()
            .filter(c -> c.images() && StudyMatch.sameStudy(orders.complete(c.study()), study))
            .toList();
    List<Case> sent = same.stream().filter(c -> !isPrior(c)).toList();
    Set<String> met = new TreeSet<>();
    for (Case c : sent.isEmpty() ? same : sent) {
      if (met.add(c.study().studyInstanceUid())) {
        firstReport(c, report);
      }
    }
    return !met.isEmpty();
  }

  private boolean isPrior(Case c) {
    return priors.isFetched(c.study().studyInstanceUid());
  }

  /** An order may come after both the study and the report that it puts together. */
  private void pairOrder(Arrival arrival) {
    orderStore.put(arrival.study(), arrival.id(), clock.instant());
    arrivals.paired(arrival, "");
    for (Case c : cases.sharing(arrival.study())) {
      if (!c.images() && c.reportArrival() != null) {
        Arrival report = arrivals.get(c.reportArrival());
        StudyKey study = orders.complete(report.study());
        if (meetStudies(report, study, cases.sharing(study))) {
          cases.remove(c.id());
        }
      }
    }
  }

  /** The first report with its identifier; a study that has another one gets a second case. */
  private void firstReport(Case c, Arrival arrival) {
    Case own = c;
    if (c.reportArrival() != null) {
      own = cases.create(c.study(), CaseState.AWAITING_REPORT, null);
    }
    take(own, arrival);
  }

  private boolean isVersionOf(ReceivedReport report, Case c) {
    return c.reportArrival() != null && ReportVersion.sameReport(report(c), report);
  }

  /** Why a report is ignored: the same bytes or a later version came before; else {@code ""}. */
  private String outOfDate(Arrival arrival, List<Case> same) {
    ReceivedReport now = arrival.report();
    List<Arrival> others =
        Stream.concat(
                arrivals.versions(now.reportId()).stream()
                    .filter(a -> StudyMatch.sameStudy(a.study(), now.study())),
                same.stream().map(c -> arrivals.get(c.reportArrival())))
            .toList();
    if (others.stream()
        .map(Arrival::report)
        .anyMatch(r -> r.blob().equals(now.blob()) && r.status() == now.status())) {
      return "duplicate";
    }
    return others.stream().anyMatch(other -> isLater(other, arrival)) ? OUT_OF_DATE : "";
  }

  /** By their times; where these do not say, by arrival: one that was set aside is paired late. */
  private static boolean isLater(Arrival other, Arrival arrival) {
    ReportTimes times = arrival.report().times();
    ReportTimes others = other.report().times();
    return times.isBefore(others) || other.id() > arrival.id() && !others.isBefore(times);
  }

  private void newVersion(Case c, Arrival arrival) {
    ReceivedReport before = report(c);
    ReceivedReport now = arrival.report();
    boolean stale =
        now.status() == ReportStatus.PRELIMINARY && before.status() != ReportStatus.PRELIMINARY;
    if (stale) {
      arrivals.paired(arrival, OUT_OF_DATE);
      return;
    }
    boolean says =
        !now.text().equals(before.text())
            || !now.study().equals(before.study())
            || (now.status() == ReportStatus.CANCELLED)
                != (before.status() == ReportStatus.CANCELLED);
    if (says) {
      take(c, arrival);
    } else {
      cases.setReport(c.id(), arrival.id());
    }
  }

  private void take(Case c, Arrival arrival) {
    ReceivedReport report = arrival.report();
    cases.setReport(c.id(), arrival.id());
    if (report.status() == ReportStatus.CANCELLED) {
      cases.apply(c.id(), Event.REPORT_CANCELLED, REPORT_CANCELLED);
    } else if (c.images()) {
      StudyKey merged = joining.study(StudyMatch.merge(c.study(), report.study()), report);
      cases.setStudy(c.id(), merged);
      joining.join(c, merged, report, Event.REPORT);
    } else {
      cases.apply(c.id(), Event.REPORT_ALONE, "");
    }
  }

  private void completeStudies() {
    for (Case c : cases.in(CaseState.COLLECTING, BATCH)) {
      try {
        List<Arrival> images = arrivals.images(c.study().studyInstanceUid());
        if (isComplete(images) || isAllHere(c.study().studyInstanceUid(), images)) {
          cases.applyAt(c.id(), c.revision(), Event.STUDY_COMPLETE, "");
        }
      } catch (StorageUnavailableException e) {
        throw e;
      } catch (RuntimeException e) { // an unreadable row of one study holds up no other
        if (stuck.add(c.id())) {
          LOG.errorf(Traces.withoutMessages(e), "case %s: its images cannot be read", c.id());
        }
      }
    }
  }

  private boolean isComplete(List<Arrival> images) {
    Instant last = Instant.MIN;
    int expected = 0;
    for (Arrival image : images) {
      last = image.receivedAt().isAfter(last) ? image.receivedAt() : last;
      Integer announced = image.instance().expectedInstances();
      expected = Math.max(expected, announced == null ? 0 : announced);
    }
    boolean allHere = expected > 0 && images.size() >= expected;
    return allHere || !clock.instant().isBefore(last.plus(settings.quietPeriod()));
  }

  /** Whether everything is here that the modality or an archive says the study has. */
  private boolean isAllHere(String studyInstanceUid, List<Arrival> images) {
    Set<String> missing = new HashSet<>(steps.instances(studyInstanceUid));
    if (missing.isEmpty()) {
      return false;
    }
    images.forEach(image -> missing.remove(image.instance().sopInstanceUid()));
    return missing.stream().noneMatch(uid -> arrivals.objects(uid).isEmpty());
  }

  private void expire(CaseState state, String reason) {
    Instant limit = clock.instant().minus(settings.expiry());
    for (Case c : cases.in(state, BATCH)) {
      if (c.updatedAt().isBefore(limit)) {
        cases.applyAt(c.id(), c.revision(), Event.TIME_OUT, reason);
      }
    }
  }

  private ReceivedReport report(Case c) {
    return arrivals.get(c.reportArrival()).report();
  }

  private static boolean hasUid(Case c, StudyKey key) {
    return key.studyInstanceUid().equals(c.study().studyInstanceUid());
  }
}
