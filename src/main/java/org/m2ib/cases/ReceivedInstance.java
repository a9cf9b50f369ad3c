package org.m2ib.cases;

/**
 * One received DICOM object. Its bytes are already durable in the {@link Blobs}.
 *
 * @param study identifiers read from its header; the study UID is never null
 * @param seriesInstanceUid (0020,000E), null if absent
 * @param sopInstanceUid (0008,0018)
 * @param sopClassUid (0008,0016)
 * @param modality (0008,0060), null if absent
 * @param viewPosition (0018,5101), null if absent
 * @param expectedInstances (0020,1208) NumberOfStudyRelatedInstances if the sender gave it, else
 *     null
 * @param callingAeTitle the sender's AE title, null if it did not come over an association
 * @param calledAeTitle the AE title of ours that it was sent to, null if it did not come over one
 * @param blob the SHA-256, as 64 hexadecimal digits, of the stored DICOM Part 10 file
 * @param notes why a document is not read as a report, without patient data; null for an image
 */
public record ReceivedInstance(
    StudyKey study,
    String seriesInstanceUid,
    String sopInstanceUid,
    String sopClassUid,
    String modality,
    String viewPosition,
    Integer expectedInstances,
    String callingAeTitle,
    String calledAeTitle,
    String blob,
    String notes) {

  /** An image; which AE title of ours it was sent to is not known. */
  public ReceivedInstance(
      StudyKey study,
      String seriesInstanceUid,
      String sopInstanceUid,
      String sopClassUid,
      String modality,
      String viewPosition,
      Integer expectedInstances,
      String callingAeTitle,
      String blob) {
    this(
        study,
        seriesInstanceUid,
        sopInstanceUid,
        sopClassUid,
        modality,
        viewPosition,
        expectedInstances,
        callingAeTitle,
        null,
        blob,
        null);
  }

  public ReceivedInstance {
    if (study.studyInstanceUid() == null) {
      throw new IllegalArgumentException(
          "StudyInstanceUID (0020,000D) is missing in SOP instance " + sopInstanceUid);
    }
    if (sopInstanceUid == null || sopInstanceUid.isBlank()) {
      throw new IllegalArgumentException("SOPInstanceUID (0008,0018) is missing");
    }
  }
}
