package org.m2ib.pairing;

import java.util.List;
import org.m2ib.cases.Database;
import org.m2ib.cases.PatientAliases;
import org.m2ib.cases.StudyKey;

/** Whether studies and patients are the same, as pairing decides it, for other rooms. */
public final class StudyIdentity {
  private final Patients patients;

  public StudyIdentity(Database database) {
    this.patients = new Patients(new PatientAliases(database));
  }

  /** By study UID if both have one, else by accession number with its issuer. */
  public static boolean sameStudy(StudyKey a, StudyKey b) {
    return StudyMatch.sameStudy(a, b);
  }

  /**
   * Follows merges and changes of identifiers.
   *
   * @return what disagrees, without its values; {@code ""} if nothing does or one side names no
   *     patient
   */
  public String patientDisagreement(StudyKey study, StudyKey report) {
    return patients.disagreement(List.of(study), List.of(report));
  }
}
