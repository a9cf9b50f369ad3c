package org.m2ib.cases;

import java.time.Instant;

/**
 * One thing that was received, in the order it came; exactly one of instance and report is there.
 *
 * @param id order of arrival
 */
public record Arrival(
    long id, Instant receivedAt, ReceivedInstance instance, ReceivedReport report) {

  public StudyKey study() {
    return instance != null ? instance.study() : report.study();
  }
}
