package org.m2ib.cases;

import java.time.Instant;
import java.util.UUID;

/**
 * One row of the outbox: something of one case that one destination must get.
 *
 * @param destination {@code AET@host:port} for captures, the base URL for a bundle
 * @param attempts tries that failed
 * @param problem why the last try failed, {@code ""} when none did
 * @param opened how often something new was put into it
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

  /** How far it is. */
  public enum Status {
    PENDING,
    DELIVERED,
    /** Given up after the last attempt; a person must look at it. */
    DEAD,
    /** Its FHIR server is not the configured one any more, whose row has taken its place. */
    REPLACED
  }
}
