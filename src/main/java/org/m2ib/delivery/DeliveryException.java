package org.m2ib.delivery;

import java.time.Duration;

/**
 * Thrown when a destination did not accept what was sent. The message names the destination and the
 * reason, without patient data.
 */
public final class DeliveryException extends Exception {
  /** Transient failures are retried as often as configured. */
  private static final int ANY = Integer.MAX_VALUE;

  /** What a destination that answered thinks of what was sent. */
  enum Answer {
    /** Nothing: there was no answer, or one that means nothing. */
    NONE,
    /** It does not know us, or does not let us. */
    UNAUTHORISED,
    /** It does not take this. */
    REFUSED
  }

  private final int mostTries;
  private final Duration notBefore;
  private final Answer answer;

  private DeliveryException(
      String message, Throwable cause, int mostTries, Duration notBefore, Answer answer) {
    super(message, cause);
    this.mostTries = mostTries;
    this.notBefore = notBefore;
    this.answer = answer;
  }

  public DeliveryException(String message, Throwable cause) {
    this(message, cause, ANY, Duration.ZERO, Answer.NONE);
  }

  public DeliveryException(String message) {
    this(message, null);
  }

  /**
   * Creates a failure that retries hardly ever fix: given up after this many attempts, at least 1.
   */
  static DeliveryException lasting(String message, int mostTries) {
    return new DeliveryException(message, null, mostTries, Duration.ZERO, Answer.NONE);
  }

  /** Creates a failure for which the destination asks for a pause, 0 or more. */
  static DeliveryException busy(String message, Duration notBefore) {
    return new DeliveryException(message, null, ANY, notBefore, Answer.NONE);
  }

  /** The same failure, of a destination that answered so. */
  DeliveryException answered(Answer answer) {
    return new DeliveryException(getMessage(), getCause(), mostTries, notBefore, answer);
  }

  Answer answer() {
    return answer;
  }

  /** Returns the number of attempts after which to give up, whatever is configured. */
  int mostTries() {
    return mostTries;
  }

  /** Returns the pause that the destination asks for; zero if it does not say. */
  Duration notBefore() {
    return notBefore;
  }
}
