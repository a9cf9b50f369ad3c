package org.m2ib.retrieve;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.m2ib.base.Counted;
import org.m2ib.base.Traces;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.DueAttempt;
import org.m2ib.cases.FailurePlace;
import org.m2ib.cases.Prior;
import org.m2ib.cases.Prior.State;
import org.m2ib.cases.PriorStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.Tags;
import org.m2ib.holdings.HoldingQuery;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.Level;
import org.m2ib.intake.dicom.DicomKeys;
import org.m2ib.pairing.StudyIdentity;

/**
 * Fetches earlier studies of the patients of cases, by rule. What a case is and what becomes of it
 * does not depend on them: they are only listed with it, and pairing takes none of them for a
 * sister study of a report. Several archives are asked side by side, each for one case at a time.
 */
public final class PriorRetrieval implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PriorRetrieval.class);
  private static final Duration LATELY = Duration.ofDays(1);
  private static final int AT_ONCE = 5;

  /** Studies and series that an archive may answer with. */
  private static final int MOST_MATCHES = 500;

  private final PriorRule rule;
  private final StudyRetrieval.Settings settings;
  private final QueryScu scu;
  private final StudyIntake intake;
  private final StudyIdentity identity;
  private final Holdings holdings;
  private final CaseStore cases;
  private final PriorStore store;
  private final Clock clock;
  private final ArchiveTurns turns;
  private final Background background;

  /**
   * @param settings how a study is fetched, and how often it is tried
   */
  public PriorRetrieval(
      PriorRule rule,
      StudyRetrieval.Settings settings,
      QueryScu scu,
      StudyIntake intake,
      StudyIdentity identity,
      Holdings holdings,
      CaseStore cases,
      PriorStore store,
      Clock clock) {
    this.rule = rule;
    this.settings = settings;
    this.scu = scu;
    this.intake = intake;
    this.identity = identity;
    this.holdings = holdings;
    this.cases = cases;
    this.store = store;
    this.clock = clock;
    this.turns = new ArchiveTurns(clock);
    this.background =
        new Background(
            "prior-retrieval", rule.archives().size(), "earlier studies cannot be fetched");
  }

  /** Fetches in the background from now on, if the rule wants any. */
  public void start() {
    if (rule.isOn()) {
      background.repeat(this::run);
    }
  }

  /** One that is under way is repeated after the next start. */
  @Override
  public void close() {
    background.close();
  }

  /**
   * Makes the searches that are due, but for those that other threads make. With as many threads as
   * archives, there is one for each archive that does not hang.
   */
  public void run() {
    open();
    for (DueAttempt due : store.due(AT_ONCE + rule.archives().size())) {
      if (background.isShutdown()
          || rule.archives().stream().limit(1).anyMatch(turns::isBusyForAMoment)) {
        return; // the searches stay due
      }
      turns.once(due.caseId(), () -> attempt(due));
    }
  }

  /** By one thread at a time: two would open a search for the same case. */
  private synchronized void open() {
    store.open(LATELY);
  }

  private void attempt(DueAttempt due) {
    if (store.take(due, clock.instant().plus(settings.pause(due.attempts() + 1)))) {
      cases.find(due.caseId()).ifPresent(c -> attempt(c, due));
    }
  }

  private void attempt(Case c, DueAttempt due) {
    Search search = new Search(c);
    try {
      search.run();
    } catch (RuntimeException e) {
      LOG.errorf(
          Traces.withoutMessages(e), "case %s: its earlier studies cannot be fetched", c.id());
      search.say("the search failed: " + FailurePlace.of(e));
      search.unfinished = true;
    }
    String said = String.join("; ", search.said);
    LOG.infof("case %s: its earlier studies were looked for: %s", c.id(), said);
    boolean last = due.attempts() + 1 >= settings.attempts() && !search.passedOver;
    store.said(c.id(), said, !search.unfinished && !search.passedOver || last);
    if (search.passedOver && !search.unfinished) {
      store.giveBack(due, clock.instant().plus(ArchiveTurns.BUSY_PAUSE));
    }
  }

  /**
   * One study that an archive has.
   *
   * @param match its answer
   */
  private record Candidate(RemoteAe archive, DicomObject match) {
    String uid() {
      return match.string(Tags.StudyInstanceUID);
    }

    Prior prior(State state, String reason, boolean fetched) {
      List<String> modalities = match.strings(Tags.ModalitiesInStudy);
      return new Prior(
          uid(),
          PriorQuery.date(match).orElseThrow().toString().replace("-", ""),
          text(Tags.StudyDescription),
          modalities.isEmpty() ? null : String.join("\\", modalities),
          archive.toString(),
          state,
          reason,
          fetched);
    }

    private String text(int tag) {
      String text = match.string(tag);
      return text == null ? null : text.replaceAll("\\p{Cc}", " ").strip();
    }
  }

  /** The search for one case. */
  private final class Search {
    private final Case c;
    private final List<String> said = new ArrayList<>();
    private boolean unfinished;

    /** Whether another case had an archive for long. */
    private boolean passedOver;

    private List<DicomObject> series;
    private DicomObject own;

    Search(Case c) {
      this.c = c;
    }

    void say(String what) {
      said.add(what);
    }

    void run() {
      String uid = c.study().studyInstanceUid();
      series =
          uid == null
              ? List.of()
              : holdings.find(
                  HoldingQuery.at(Level.SERIES).match(Tags.StudyInstanceUID, uid), 0, 1000);
      String unaskable = unaskable();
      if (!unaskable.isEmpty()) {
        say("not asked, " + unaskable);
        return;
      }
      LocalDate date = PriorQuery.date(own).orElseThrow();
      Map<String, Candidate> found = new LinkedHashMap<>();
      for (RemoteAe archive : rule.archives()) {
        ask(archive, date).forEach(one -> found.putIfAbsent(one.uid(), one));
      }
      List<Candidate> recent = new ArrayList<>(found.values());
      recent.sort(
          Comparator.comparing((Candidate one) -> PriorQuery.date(one.match()).orElseThrow())
              .thenComparing(one -> one.match().string(Tags.StudyTime, ""))
              .reversed());
      int chosen = 0;
      for (Candidate one : recent) {
        if (chosen < rule.most() && take(one)) {
          chosen++;
        }
      }
    }

    private String unaskable() {
      if (series.isEmpty()) {
        return "no image of the case is here";
      }
      own = series.get(0);
      String patient = own.string(Tags.PatientID, "").strip();
      if (patient.isEmpty() || patient.matches(".*[*?\\\\].*")) {
        return "the study has no patient identifier that can be asked for";
      }
      if (PriorQuery.date(own).isEmpty()) {
        return "the study has no date";
      }
      if (rule.sameBodyPart() && PriorQuery.values(series, Tags.BodyPartExamined).isEmpty()) {
        return "the images have no body part";
      }
      return "";
    }

    private List<Candidate> ask(RemoteAe archive, LocalDate date) {
      try {
        List<Candidate> earlier = new ArrayList<>();
        for (DicomObject match : find(archive, PriorQuery.studies(own, date, rule.oldest()))) {
          if (isOfThePatient(match)
              && PriorQuery.isEarlier(match, own)
              && !PriorQuery.date(match)
                  .orElseThrow()
                  .isBefore(date.minusDays(rule.oldest().toDays()))) {
            earlier.add(new Candidate(archive, match));
          }
        }
        say(archive.aeTitle() + ": " + earlier.size() + " earlier studies");
        return earlier;
      } catch (DicomNetworkException e) {
        say(e.getMessage());
        unfinished = true;
        return List.of();
      } catch (ArchiveTurns.NotAskedException e) {
        say(notAsked(archive, e));
        return List.of();
      }
    }

    private List<DicomObject> find(RemoteAe archive, DicomObject query) {
      return turns.ask(archive, () -> scu.find(archive, query, MOST_MATCHES));
    }

    private String notAsked(RemoteAe archive, ArchiveTurns.NotAskedException e) {
      passedOver |= e.isBusy();
      unfinished |= !e.isBusy();
      return archive.aeTitle() + ": " + e.getMessage();
    }

    /** An archive that ignores a key answers with studies of others. */
    private boolean isOfThePatient(DicomObject match) {
      try {
        StudyKey key = DicomKeys.study(match);
        return own.string(Tags.PatientID).strip().equals(key.patientId())
            && !key.studyInstanceUid().equals(c.study().studyInstanceUid());
      } catch (RuntimeException e) { // an answer that breaks the standard is none
        return false;
      }
    }

    /** Returns whether it counts as one of those that the rule wants. */
    private boolean take(Candidate one) {
      Optional<Prior> before = store.find(c.id(), one.uid());
      if (before.filter(p -> p.state() == State.HELD).isPresent()) {
        return true;
      }
      if (!fits(one)) {
        return false;
      }
      String contradiction = contradiction(one.match());
      if (!contradiction.isEmpty()) {
        refuse(one, "of another patient: " + contradiction, false);
        return false;
      }
      if (sharesNumber(one.match())) {
        refuse(one, "it has the accession number of the case's own study", false);
        return false;
      }
      boolean begun = before.filter(Prior::fetched).isPresent();
      if (!begun && isHeld(one.uid())) {
        store.put(c.id(), one.prior(State.HELD, "", false));
        return true;
      }
      fetch(one);
      return true;
    }

    private void refuse(Candidate one, String why, boolean fetched) {
      store.put(c.id(), one.prior(State.REFUSED, why, fetched).withoutDescription());
      say("one study was refused, " + why);
    }

    private boolean fits(Candidate one) {
      Set<String> wanted =
          rule.modalities().isEmpty()
              ? PriorQuery.values(series, Tags.Modality)
              : rule.modalities();
      Set<String> stated = PriorQuery.values(List.of(one.match()), Tags.ModalitiesInStudy);
      if (!stated.isEmpty() && Collections.disjoint(stated, wanted)) {
        return false;
      }
      if (!stated.isEmpty() && !rule.sameBodyPart()) {
        return true;
      }
      try {
        List<DicomObject> its =
            find(one.archive(), PriorQuery.series(one.uid())).stream()
                .filter(s -> one.uid().equals(s.string(Tags.StudyInstanceUID, one.uid())))
                .filter(s -> wanted.containsAll(PriorQuery.values(List.of(s), Tags.Modality)))
                .toList();
        return !its.isEmpty()
            && (!rule.sameBodyPart()
                || !Collections.disjoint(
                    PriorQuery.values(its, Tags.BodyPartExamined),
                    PriorQuery.values(series, Tags.BodyPartExamined)));
      } catch (DicomNetworkException e) {
        say(e.getMessage());
        unfinished = true;
        return false;
      } catch (ArchiveTurns.NotAskedException e) {
        say(notAsked(one.archive(), e));
        return false;
      }
    }

    private String contradiction(DicomObject study) {
      String identifiers =
          identity.patientDisagreement(DicomKeys.study(study), DicomKeys.study(own));
      return identifiers.isEmpty() ? SamePatient.contradiction(own, study) : identifiers;
    }

    /** Then pairing could not tell it from the study that the report is about. */
    private boolean sharesNumber(DicomObject match) {
      StudyKey its = DicomKeys.study(match);
      return c.study().accessionNumber() != null
          && c.study().accessionNumber().equals(its.accessionNumber());
    }

    private boolean isHeld(String uid) {
      return !held(uid).isEmpty();
    }

    private List<DicomObject> held(String uid) {
      return holdings.find(HoldingQuery.at(Level.STUDY).match(Tags.StudyInstanceUID, uid), 0, 1);
    }

    private void fetch(Candidate one) {
      int instances = one.match().integer(Tags.NumberOfStudyRelatedInstances, 0);
      if (instances > rule.mostInstances()) {
        notFetched(
            one, "%d objects, more than m2ib.priors.most-instances".formatted(instances), false);
        return;
      }
      if (isFull()) {
        notFetched(one, "m2ib.priors.most-mebibytes is reached", false);
        return;
      }
      String incomplete;
      try {
        QueryScu.Retrieved retrieved =
            turns.ask(
                one.archive(),
                () -> {
                  store.put(c.id(), one.prior(State.FETCHING, "", true));
                  return retrieve(one);
                });
        incomplete =
            retrieved.isComplete()
                ? ""
                : "fetched with %s, %s did not come"
                    .formatted(retrieved.text(), Counted.of(retrieved.failed(), "object"));
      } catch (DicomNetworkException e) {
        incomplete = e.getMessage();
        unfinished = true;
      } catch (ArchiveTurns.NotAskedException e) {
        say(notAsked(one.archive(), e));
        return;
      }
      List<DicomObject> held = held(one.uid());
      if (held.isEmpty()) {
        unfinished = true; // C-MOVE may be answered before the last object is here
        notFetched(one, incomplete.isEmpty() ? "no object came" : incomplete, true);
        return;
      }
      String contradiction = contradiction(held.get(0));
      if (!contradiction.isEmpty()) {
        refuse(one, "its objects are of another patient: " + contradiction, true);
        return;
      }
      store.put(c.id(), one.prior(State.HELD, incomplete, true));
      say("one study of " + one.archive().aeTitle() + " was fetched");
    }

    private void notFetched(Candidate one, String why, boolean fetched) {
      store.put(c.id(), one.prior(State.NOT_FETCHED, why, fetched));
      say("one study was not fetched: " + why);
    }

    private boolean isFull() {
      return store.bytes(c.id()) >= rule.mostBytes();
    }

    private QueryScu.Retrieved retrieve(Candidate one) {
      if (settings.method() == StudyRetrieval.Method.MOVE) {
        return scu.move(one.archive(), one.uid(), settings.aeTitle());
      }
      StoreScp.Handler limited =
          object -> {
            if (isFull()) {
              throw new RefusedException(
                  RefusedException.OUT_OF_RESOURCES, "m2ib.priors.most-mebibytes is reached");
            }
            intake.store(object, one.uid());
          };
      return scu.get(one.archive(), one.uid(), settings.sopClasses(), limited);
    }
  }
}
