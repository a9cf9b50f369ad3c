package org.m2ib.cases;

/**
 * Identifiers by which a sender refers to the study of an object or report. Every field may be null
 * (absent); blank strings count as absent. Pairing compares them in the order study UID, accession
 * number with its issuer, order number.
 *
 * @param studyInstanceUid DICOM (0020,000D), at most 64 characters of digits and dots
 * @param accessionNumber DICOM (0008,0050), HL7 OBR-18 or ORC-3/OBR-3, FHIR
 *     ImagingStudy/ServiceRequest identifier ACSN
 * @param issuerOfAccessionNumber DICOM (0008,0051) local or universal namespace, HL7 assigning
 *     authority
 * @param orderNumber placer order number: DICOM (0040,2016), HL7 ORC-2/OBR-2
 * @param patientId DICOM (0010,0020), HL7 PID-3.1
 * @param issuerOfPatientId DICOM (0010,0021), HL7 PID-3.4
 * @param visitNumber of the encounter: DICOM (0038,0010) AdmissionID, HL7 PV1-19, FHIR encounter
 *     identifier; not used for pairing
 */
public record StudyKey(
    String studyInstanceUid,
    String accessionNumber,
    String issuerOfAccessionNumber,
    String orderNumber,
    String patientId,
    String issuerOfPatientId,
    String visitNumber) {

  public StudyKey {
    studyInstanceUid = blankToNull(studyInstanceUid);
    accessionNumber = blankToNull(accessionNumber);
    issuerOfAccessionNumber = blankToNull(issuerOfAccessionNumber);
    orderNumber = blankToNull(orderNumber);
    patientId = blankToNull(patientId);
    issuerOfPatientId = blankToNull(issuerOfPatientId);
    visitNumber = blankToNull(visitNumber);
    if (studyInstanceUid != null && !studyInstanceUid.matches("[0-9.]{1,64}")) {
      throw new IllegalArgumentException(
          "StudyInstanceUID '"
              + studyInstanceUid
              + "' is not a UID: digits and dots, at most 64 (DICOM PS3.5 9.1)");
    }
  }

  /** Without an encounter. */
  public StudyKey(
      String studyInstanceUid,
      String accessionNumber,
      String issuerOfAccessionNumber,
      String orderNumber,
      String patientId,
      String issuerOfPatientId) {
    this(
        studyInstanceUid,
        accessionNumber,
        issuerOfAccessionNumber,
        orderNumber,
        patientId,
        issuerOfPatientId,
        null);
  }

  /** Whether it contains an identifier by which a study can be found. */
  public boolean identifiesStudy() {
    return studyInstanceUid != null || accessionNumber != null || orderNumber != null;
  }

  private static String blankToNull(String s) {
    return s == null || s.isBlank() ? null : s.strip();
  }
}
