package org.m2ib.cases;

/**
 * One received statement about a patient: one identifier has replaced another, or (without a prior
 * one) the patient's data were updated. Its raw message is already durable in the {@link Blobs}.
 *
 * @param prior the identifier that is no longer used; null if no identifier changed
 * @param patient the identifier that is used now
 * @param event HL7 trigger event: {@code A40}
 * @param sender sending application and facility (MSH-3, MSH-4); null if not stated
 * @param operator who recorded it (EVN-5); null if not stated
 * @param times EVN-2 and MSH-7: of two statements about one prior identifier the later one holds
 * @param blob the SHA-256 of the raw message; null until it is stored
 */
public record PatientChange(
    PatientId prior,
    PatientId patient,
    String event,
    String sender,
    String operator,
    ReportTimes times,
    String blob) {

  public PatientChange {
    if (patient.equals(prior)) {
      throw new IllegalArgumentException("the prior patient identifier is the surviving one");
    }
  }

  /** With the hash of its message. */
  public PatientChange in(String message) {
    return new PatientChange(prior, patient, event, sender, operator, times, message);
  }
}
