package org.m2ib.campaigns;

import java.time.LocalDate;

/**
 * Which sentences a campaign draws from. What is null does not restrict.
 *
 * @param alarm whether the result has an alarm
 * @param modality (0008,0060) of an image of the study
 * @param bodyPart BodyPartExamined (0018,0015) of a series of the study
 * @param callingAeTitle AE title that sent an image of the study
 * @param model name of the model
 * @param similarityFrom least similarity
 * @param similarityTo greatest similarity
 * @param from first day (UTC) on which the case was received
 * @param to last day (UTC)
 */
public record Filter(
    Boolean alarm,
    String modality,
    String bodyPart,
    String callingAeTitle,
    String model,
    Double similarityFrom,
    Double similarityTo,
    LocalDate from,
    LocalDate to) {

  /** Every sentence. */
  public static Filter all() {
    return new Filter(null, null, null, null, null, null, null, null, null);
  }
}
