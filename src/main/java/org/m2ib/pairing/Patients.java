package org.m2ib.pairing;

import java.util.List;
import java.util.Set;
import org.m2ib.cases.PatientAliases;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.StudyKey;

/** Decides whether identifiers belong to the same patient, following merges and changes. */
final class Patients {
  private final PatientAliases aliases;

  Patients(PatientAliases aliases) {
    this.aliases = aliases;
  }

  /**
   * For every pair from the two lists.
   *
   * @return what disagrees, without its values; {@code ""} if nothing does
   */
  String disagreement(List<StudyKey> these, List<StudyKey> those) {
    return these.stream()
        .flatMap(a -> those.stream().map(b -> disagreement(a, b)))
        .filter(disagreement -> !disagreement.isEmpty())
        .findFirst()
        .orElse("");
  }

  private String disagreement(StudyKey a, StudyKey b) {
    String received = StudyMatch.patientDisagreement(a, b);
    if (received.isEmpty()) {
      return "";
    }
    Set<PatientId> others = aliases.current(id(b));
    boolean same =
        aliases.current(id(a)).stream().anyMatch(one -> others.stream().anyMatch(one::agrees));
    return same ? "" : received;
  }

  /**
   * A study's identifiers with the patient identifier that is used now.
   *
   * @param study as received; its patient may be missing
   * @param report identifiers of its report: they say who is meant by an identifier without issuer;
   *     null if there is none
   */
  StudyKey settle(StudyKey study, StudyKey report) {
    if (study.patientId() == null) {
      return study;
    }
    PatientId own = id(study);
    Set<PatientId> all = aliases.current(own);
    Set<PatientId> its =
        report == null || report.patientId() == null ? Set.of() : aliases.current(id(report));
    List<PatientId> agreeing =
        all.stream().filter(one -> its.stream().anyMatch(one::agrees)).toList();
    List<PatientId> others =
        (agreeing.isEmpty() ? all : agreeing).stream().filter(one -> !one.equals(own)).toList();
    return others.size() == 1 ? with(study, others.get(0)) : study;
  }

  private static StudyKey with(StudyKey study, PatientId patient) {
    return new StudyKey(
        study.studyInstanceUid(),
        study.accessionNumber(),
        study.issuerOfAccessionNumber(),
        study.orderNumber(),
        patient.id(),
        patient.issuer(),
        study.visitNumber());
  }

  private static PatientId id(StudyKey key) {
    return new PatientId(key.patientId(), key.issuerOfPatientId());
  }
}
