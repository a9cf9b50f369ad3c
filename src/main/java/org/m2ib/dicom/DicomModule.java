package org.m2ib.dicom;

import static org.m2ib.dicom.Tags.*;

/**
 * Attributes that all objects of a patient or a study share (PS3.3). A derived object copies them
 * from its source.
 */
public enum DicomModule {
  /** Patient, C.7.1.1. */
  PATIENT(
      PatientName,
      PatientID,
      IssuerOfPatientID,
      IssuerOfPatientIDQualifiersSequence,
      OtherPatientIDsSequence,
      PatientBirthDate,
      PatientBirthTime,
      PatientSex,
      EthnicGroup,
      PatientComments,
      PatientIdentityRemoved,
      DeidentificationMethod,
      DeidentificationMethodCodeSequence),
  /** General Study, C.7.2.1. */
  STUDY(
      StudyInstanceUID,
      StudyDate,
      StudyTime,
      StudyID,
      StudyDescription,
      AccessionNumber,
      IssuerOfAccessionNumberSequence,
      ReferringPhysicianName,
      ReferringPhysicianIdentificationSequence,
      PhysiciansOfRecord,
      NameOfPhysiciansReadingStudy,
      RequestingService,
      ProcedureCodeSequence,
      ReferencedStudySequence),
  /** Patient Study, C.7.2.2. */
  PATIENT_STUDY(
      AdmittingDiagnosesDescription,
      AdmittingDiagnosesCodeSequence,
      PatientAge,
      PatientSize,
      PatientWeight,
      Occupation,
      AdditionalPatientHistory,
      AdmissionID,
      IssuerOfAdmissionIDSequence,
      ServiceEpisodeID,
      PregnancyStatus,
      PatientSexNeutered);

  private final int[] tags;

  DicomModule(int... tags) {
    this.tags = tags;
  }

  public int[] tags() {
    return tags.clone();
  }
}
