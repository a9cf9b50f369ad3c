package org.m2ib.pairing;

import java.util.List;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.StudyKey;

/** Joins a study and a report of one case, unless they belong to different patients. */
final class Joining {
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final Patients patients;

  Joining(ArrivalStore arrivals, CaseStore cases, Patients patients) {
    this.arrivals = arrivals;
    this.cases = cases;
    this.patients = patients;
  }

  /** The identifiers of a case's study with the patient identifier that is used now. */
  StudyKey study(StudyKey merged, ReceivedReport report) {
    StudyKey named =
        received(merged.studyInstanceUid()).stream()
            .filter(image -> image.patientId() != null)
            .findFirst()
            .orElse(report.study().patientId() == null ? merged : report.study());
    StudyKey settled = patients.settle(named, report.study());
    return new StudyKey(
        merged.studyInstanceUid(),
        merged.accessionNumber(),
        merged.issuerOfAccessionNumber(),
        merged.orderNumber(),
        settled.patientId(),
        settled.issuerOfPatientId(),
        merged.visitNumber());
  }

  /** Applies the event, or a mismatch in its place. */
  void join(Case c, StudyKey study, ReceivedReport report, Event event) {
    String disagreement = disagreement(study, report);
    if (!disagreement.isEmpty()) {
      cases.apply(c.id(), Event.MISMATCH, disagreement);
      return;
    }
    if (!sistersDisagree(c, study, report)) {
      cases.apply(c.id(), event, "");
    }
  }

  /**
   * @return why study and report cannot be of one patient, without patient data; {@code ""} if they
   *     can
   */
  String disagreement(StudyKey study, ReceivedReport report) {
    List<StudyKey> images = received(study.studyInstanceUid());
    String disagreement = patients.disagreement(images, List.of(report.study()));
    if (!disagreement.isEmpty()) {
      return "study and report: " + disagreement;
    }
    disagreement = patients.disagreement(images, images);
    return disagreement.isEmpty() ? "" : "images of one study: " + disagreement;
  }

  /**
   * A report without a patient cannot be assigned if its studies belong to several: all of them
   * become mismatches.
   */
  boolean sistersDisagree(Case c, StudyKey study, ReceivedReport its) {
    if (its.study().patientId() != null) {
      return false;
    }
    List<StudyKey> images = received(study.studyInstanceUid());
    Long report = cases.find(c.id()).orElseThrow().reportArrival();
    boolean disagree = false;
    for (Case sister : cases.sharing(study)) {
      String uid = sister.study().studyInstanceUid();
      if (sister.images()
          && report.equals(sister.reportArrival())
          && !study.studyInstanceUid().equals(uid)) {
        String disagreement = patients.disagreement(images, received(uid));
        if (!disagreement.isEmpty()) {
          String reason = "studies of one report that names no patient: " + disagreement;
          cases.apply(sister.id(), Event.MISMATCH, reason);
          cases.apply(c.id(), Event.MISMATCH, reason);
          disagree = true;
        }
      }
    }
    return disagree;
  }

  /** The distinct patients named by the images of a study, as received. */
  private List<StudyKey> received(String studyInstanceUid) {
    return arrivals.images(studyInstanceUid).stream().map(Arrival::study).distinct().toList();
  }
}
