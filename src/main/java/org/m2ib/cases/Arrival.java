package org.m2ib.cases;

import java.time.Instant;

/**
 * One received item, in order of arrival; exactly one of instance, report, patient and order is
 * present.
 *
 * @param id order of arrival
 */
public record Arrival(
    long id,
    Instant receivedAt,
    ReceivedInstance instance,
    ReceivedReport report,
    PatientChange patient,
    ReceivedOrder order) {

  /** An image or a report. */
  public Arrival(long id, Instant receivedAt, ReceivedInstance instance, ReceivedReport report) {
    this(id, receivedAt, instance, report, null, null);
  }

  /** Null for a patient message. */
  public StudyKey study() {
    if (patient != null) {
      return null;
    }
    if (order != null) {
      return order.study();
    }
    return instance != null ? instance.study() : report.study();
  }
}
