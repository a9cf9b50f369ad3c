package org.m2ib.delivery;

import java.time.Duration;

/**
 * A destination did not accept a delivery; the message says which and why, without patient data.
 */
public final class DeliveryException extends Exception {
  /** For failures that may be temporary: the configured number of attempts. */
  private static final int ANY = Integer.MAX_VALUE;

  private final int mostTries;
  private final Duration notBefore;

  private DeliveryException(String message, Throwable cause, int mostTries, Duration notBefore) {
    super(message, cause);
    this.mostTries = mostTries;
    this.notBefore = notBefore;
  }

  public DeliveryException(String message, Throwable cause) {
    this(message, cause, ANY, Duration.ZERO);
  }

  public DeliveryException(String message) {
    this(message, null);
  }

  /**
   * For failures that further attempts will hardly change: given up after this many, at least 1.
   */
  static DeliveryException lasting(String message, int mostTries) {
    return new DeliveryException(message, null, mostTries, Duration.ZERO);
  }

  /** The destination asks to wait this long, 0 or more. */
  static DeliveryException busy(String message, Duration notBefore) {
    return new DeliveryException(message, null, ANY, notBefore);
  }

  /** Number of attempts after which it is given up, however many are configured. */
  int mostTries() {
    return mostTries;
  }

  /** How long the destination asks to wait; zero if it does not. */
  Duration notBefore() {
    return notBefore;
  }
}
