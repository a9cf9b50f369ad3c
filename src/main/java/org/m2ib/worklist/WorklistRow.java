package org.m2ib.worklist;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.m2ib.cases.CaseState;

/**
 * What the worklist shows of a case; null and {@code ""} are what is not known.
 *
 * @param version grows with each change of any row
 * @param patientName PatientName (0010,0010), as received
 * @param patientId PatientID (0010,0020)
 * @param studyDate StudyDate (0008,0020), YYYYMMDD
 * @param modality Modality (0008,0060) of its images, each once, with backslashes between them
 * @param viewPosition ViewPosition (0018,5101), likewise
 * @param bodyPart BodyPartExamined (0018,0015), likewise
 * @param sentences number of valid results, one for each sentence and image
 * @param alarms number of these with an alarm; 1 if only the case itself has one
 * @param alarmKinds codes of its alarms, each once
 * @param lowestSimilarity lowest image-text similarity; null if there is none
 * @param discordance how far report and image are from each other, in [0, 1]; null: not computed
 * @param judged number of the results that a person has judged
 * @param assignedTo sign-in name; {@code ""}: nobody
 * @param picture SHA-256 of the picture that stands for it; {@code ""}: none
 */
public record WorklistRow(
    UUID id,
    long version,
    String patientName,
    String patientId,
    String accessionNumber,
    String studyInstanceUid,
    String studyDate,
    String modality,
    String viewPosition,
    String bodyPart,
    String model,
    int sentences,
    int alarms,
    List<String> alarmKinds,
    Double lowestSimilarity,
    Double discordance,
    int judged,
    String assignedTo,
    CaseState state,
    String reason,
    String picture,
    Instant updatedAt) {}
