package org.m2ib.cases;

import java.time.Instant;

/**
 * One received item, in order of arrival; exactly one of instance and report is present.
 *
 * @param id order of arrival
 */
public record Arrival(
    long id, Instant receivedAt, ReceivedInstance instance, ReceivedReport report) {

  public StudyKey study() {
    return instance != null ? instance.study() : report.study();
  }
}
