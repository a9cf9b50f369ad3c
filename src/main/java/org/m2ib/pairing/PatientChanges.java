package org.m2ib.pairing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.AsideReason;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseHistory;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.PatientAliases;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;

/**
 * Applies patient messages to cases: a case takes the identifier that is used now, a pairing of
 * what is now two patients becomes a mismatch, and a mismatch of what is now one patient is joined.
 * What was received stays as it was; only its meaning changes.
 */
final class PatientChanges {
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final PatientAliases aliases;
  private final CaseHistory history;
  private final Patients patients;
  private final Joining joining;

  PatientChanges(
      ArrivalStore arrivals,
      CaseStore cases,
      PatientAliases aliases,
      Patients patients,
      Joining joining) {
    this.arrivals = arrivals;
    this.cases = cases;
    this.aliases = aliases;
    this.history = arrivals.history();
    this.patients = patients;
    this.joining = joining;
  }

  void apply(Arrival arrival) {
    PatientChange change = arrival.patient();
    PatientId prior = change.prior();
    if (prior == null) {
      arrivals.paired(arrival, "");
      updated(arrival);
      return;
    }
    if (aliases.closesCircle(prior, change.patient())) {
      arrivals.setAside(arrival.id(), AsideReason.CIRCLE);
      return;
    }
    String ignored = aliases.statedBy(prior).map(before -> ignored(change, before)).orElse("");
    arrivals.paired(arrival, ignored);
    if (!ignored.isEmpty()) {
      return;
    }
    Map<UUID, Case> affected = new LinkedHashMap<>();
    for (String id : aliases.dependents(prior.id())) {
      cases.naming(id).forEach(c -> affected.put(c.id(), c));
    }
    aliases.put(prior, change.patient(), arrival.id());
    affected.values().forEach(c -> follow(c, arrival));
  }

  /** Why a statement is ignored: it was made before, or by now another one holds. */
  private String ignored(PatientChange now, long before) {
    PatientChange last = arrivals.get(before).patient();
    if (now.times().isBefore(last.times())) {
      return Pairing.OUT_OF_DATE;
    }
    return last.patient().equals(now.patient()) ? "duplicate" : "";
  }

  /** The patient's data were updated, which a case does not hold: only its history says so. */
  private void updated(Arrival arrival) {
    PatientId patient = arrival.patient().patient();
    for (Case c : cases.naming(patient.id())) {
      PatientId own = id(c.study());
      if (own != null && own.agrees(patient)) {
        history.add(
            c.id(),
            arrival.id(),
            "the patient's data were updated; no identifier changed" + sent(c.state()));
      }
    }
  }

  private void follow(Case c, Arrival arrival) {
    ReceivedReport report =
        c.reportArrival() == null ? null : arrivals.get(c.reportArrival()).report();
    StudyKey study = study(c, report);
    PatientId now = id(study);
    boolean renamed = now != null && !now.equals(id(c.study()));
    if (renamed) {
      cases.setPatient(c.id(), now);
    }
    String effect = renamed ? "the case has the surviving identifier" + sent(c.state()) : "";
    String moved = c.images() && report != null ? recheck(c, study, report, arrival) : "";
    if (renamed && moved.isEmpty() && !sent(c.state()).isEmpty()) {
      cases.setReason(c.id(), by(arrival) + ": the patient identifier changed" + sent(c.state()));
    }
    String all = effect.isEmpty() || moved.isEmpty() ? effect + moved : effect + "; " + moved;
    if (!all.isEmpty()) {
      history.add(c.id(), arrival.id(), all);
    }
  }

  private StudyKey study(Case c, ReceivedReport report) {
    if (report != null) {
      return c.images() ? joining.study(c.study(), report) : patients.settle(report.study(), null);
    }
    return arrivals.images(c.study().studyInstanceUid()).stream()
        .map(Arrival::study)
        .filter(image -> image.patientId() != null)
        .findFirst()
        .map(image -> patients.settle(image, null))
        .orElse(c.study());
  }

  /**
   * @return what became of the pairing; {@code ""} if it is as before
   */
  private String recheck(Case c, StudyKey study, ReceivedReport report, Arrival arrival) {
    if (report.status() == ReportStatus.CANCELLED) {
      return "";
    }
    boolean mismatched = c.state() == CaseState.MISMATCHED;
    String disagreement = joining.disagreement(study, report);
    if (mismatched && disagreement.isEmpty()) {
      joining.join(c, study, report, Event.REPORT);
      boolean joined = cases.find(c.id()).orElseThrow().state() != CaseState.MISMATCHED;
      return joined ? "study and report are now of one patient: paired" : "";
    }
    if (!mismatched && !disagreement.isEmpty()) {
      String reason = disagreement + " since " + by(arrival);
      cases.apply(c.id(), Event.MISMATCH, reason);
      return reason + ": the pairing no longer holds, and its results are withdrawn here";
    }
    boolean apart = !mismatched && joining.sistersDisagree(c, study, report);
    return apart ? "the studies of its report are now of several patients" : "";
  }

  /** What others have of a case, and what to do about it. */
  private static String sent(CaseState state) {
    return switch (state) {
      case DELIVERING, DELIVERED, UNDELIVERED ->
          "; results that were sent before keep the identifiers they were sent with: have the case"
              + " attributed again to send them anew";
      default -> "";
    };
  }

  private static String by(Arrival arrival) {
    return "ADT^" + arrival.patient().event();
  }

  private static PatientId id(StudyKey key) {
    return key.patientId() == null ? null : new PatientId(key.patientId(), key.issuerOfPatientId());
  }
}
