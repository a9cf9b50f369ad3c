package org.m2ib.fhir.subscription;

import java.time.Instant;

/**
 * A stored Subscription.
 *
 * @param id logical id
 * @param client who made it
 * @param base base URL of this service as that client knows it
 * @param body the Subscription as it was sent, as JSON
 * @param status requested, active, error or off
 * @param error why it failed last, {@code ""} if it did not
 * @param failures attempts that failed since the last that succeeded
 * @param events number of its last event
 * @param updatedAt when it was sent
 */
public record Subscribed(
    String id,
    String client,
    String base,
    String body,
    Status status,
    String error,
    int failures,
    long events,
    Instant updatedAt) {

  /** Of a Subscription (FHIR R4 valueset-subscription-status.html). */
  public enum Status {
    REQUESTED,
    ACTIVE,
    ERROR,
    OFF
  }

  /**
   * What a subscriber is notified of: a version of a resource.
   *
   * @param number counted from 1
   */
  public record Event(long number, String type, String id, int version) {}
}
