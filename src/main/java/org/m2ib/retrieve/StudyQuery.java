package org.m2ib.retrieve;

import org.m2ib.cases.StudyKey;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.DicomKeys;
import org.m2ib.pairing.StudyIdentity;

/** The query for a study, and the check of its answers (PS3.4 C.6.2.1). */
final class StudyQuery {
  private StudyQuery() {}

  /**
   * Asks by study UID, else by accession number; not by patient, so that a study of another one is
   * seen.
   */
  static DicomObject of(StudyKey wanted) {
    DicomObject query =
        DicomObject.create()
            .set(Tags.QueryRetrieveLevel, "STUDY")
            .set(Tags.PatientID, "")
            .set(Tags.IssuerOfPatientID, "")
            .set(Tags.NumberOfStudyRelatedInstances, "")
            .set(Tags.StudyInstanceUID, "")
            .set(Tags.AccessionNumber, "");
    query.addItem(Tags.IssuerOfAccessionNumberSequence).set(Tags.LocalNamespaceEntityID, "");
    return wanted.studyInstanceUid() != null
        ? query.set(Tags.StudyInstanceUID, wanted.studyInstanceUid())
        : query.set(Tags.AccessionNumber, wanted.accessionNumber());
  }

  static DicomObject series(String studyInstanceUid) {
    return DicomObject.create()
        .set(Tags.QueryRetrieveLevel, "SERIES")
        .set(Tags.StudyInstanceUID, studyInstanceUid)
        .set(Tags.SeriesInstanceUID, "");
  }

  static DicomObject instances(String studyInstanceUid, String seriesInstanceUid) {
    return DicomObject.create()
        .set(Tags.QueryRetrieveLevel, "IMAGE")
        .set(Tags.StudyInstanceUID, studyInstanceUid)
        .set(Tags.SeriesInstanceUID, seriesInstanceUid)
        .set(Tags.SOPInstanceUID, "")
        .set(Tags.SOPClassUID, "");
  }

  /** An archive that ignores a key answers with other studies. */
  static boolean isSame(StudyKey wanted, DicomObject match) {
    try {
      StudyKey found = DicomKeys.study(match);
      return found.studyInstanceUid() != null && StudyIdentity.sameStudy(found, wanted);
    } catch (RuntimeException e) { // an answer that breaks the standard is none
      return false;
    }
  }

  static String uid(DicomObject match) {
    return match.string(Tags.StudyInstanceUID);
  }
}
