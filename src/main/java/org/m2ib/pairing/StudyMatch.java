package org.m2ib.pairing;

import java.util.Objects;
import org.m2ib.cases.StudyKey;

/** Decides whether two sets of identifiers refer to the same study, and to the same patient. */
final class StudyMatch {
  private StudyMatch() {}

  /**
   * By study UID if both have one, else by accession number with its issuer, else by order number.
   * A missing issuer matches any.
   */
  static boolean sameStudy(StudyKey a, StudyKey b) {
    if (both(a.studyInstanceUid(), b.studyInstanceUid())) {
      return a.studyInstanceUid().equals(b.studyInstanceUid());
    }
    if (both(a.accessionNumber(), b.accessionNumber())) {
      return a.accessionNumber().equals(b.accessionNumber())
          && compatible(a.issuerOfAccessionNumber(), b.issuerOfAccessionNumber());
    }
    return both(a.orderNumber(), b.orderNumber()) && a.orderNumber().equals(b.orderNumber());
  }

  /**
   * As received: {@link Patients} follows merges.
   *
   * @return what disagrees, without its values; {@code ""} if nothing does or one side names no
   *     patient
   */
  static String patientDisagreement(StudyKey a, StudyKey b) {
    if (!both(a.patientId(), b.patientId())) {
      return "";
    }
    if (!a.patientId().equals(b.patientId())) {
      return "the patient identifiers differ";
    }
    return compatible(a.issuerOfPatientId(), b.issuerOfPatientId())
        ? ""
        : "the issuers of the patient identifiers differ";
  }

  /** Whether every number that both have is the same. */
  static boolean contradictsNone(StudyKey a, StudyKey b) {
    return compatible(a.studyInstanceUid(), b.studyInstanceUid())
        && compatible(a.accessionNumber(), b.accessionNumber())
        && compatible(a.issuerOfAccessionNumber(), b.issuerOfAccessionNumber())
        && compatible(a.orderNumber(), b.orderNumber());
  }

  /** The study's identifiers, completed from the report. */
  static StudyKey merge(StudyKey study, StudyKey report) {
    boolean ownPatient = study.patientId() != null;
    boolean ownAccession = study.accessionNumber() != null;
    return new StudyKey(
        or(study.studyInstanceUid(), report.studyInstanceUid()),
        or(study.accessionNumber(), report.accessionNumber()),
        ownAccession ? study.issuerOfAccessionNumber() : report.issuerOfAccessionNumber(),
        or(study.orderNumber(), report.orderNumber()),
        or(study.patientId(), report.patientId()),
        ownPatient ? study.issuerOfPatientId() : report.issuerOfPatientId(),
        or(study.visitNumber(), report.visitNumber()));
  }

  private static boolean compatible(String a, String b) {
    return !both(a, b) || a.equals(b);
  }

  private static boolean both(Object a, Object b) {
    return a != null && b != null;
  }

  private static String or(String a, String b) {
    return Objects.requireNonNullElse(a, b == null ? "" : b);
  }
}
