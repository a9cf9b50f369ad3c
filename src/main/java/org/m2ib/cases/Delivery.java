package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * One row of the outbox: something of one case for one destination.
 *
 * @param destination {@code AET@host:port} for captures, the base URL for a bundle
 * @param attempts number of failed attempts
 * @param problem why the last attempt failed; {@code ""} if none did
 * @param opened number of times that new content was put into it
 */
public record Delivery(
    UUID id,
    UUID caseId,
    Kind kind,
    String destination,
    Status status,
    int attempts,
    String problem,
    int opened,
    Instant updatedAt) {

  /** What is sent. */
  public enum Kind {
    /** Secondary captures, by C-STORE. */
    CAPTURES,
    /** The transaction Bundle, by FHIR. */
    BUNDLE
  }

  /** Progress of a delivery. */
  public enum Status {
    PENDING,
    DELIVERED,
    /** Given up after the last attempt; a person must look at it. */
    DEAD,
    /** Its FHIR server is no longer configured; the configured one's row has replaced it. */
    REPLACED
  }
}
