package org.m2ib.delivery;

import java.time.Duration;

/**
 * A destination did not take what was sent; the message says which and why, without patient data.
 */
public final class DeliveryException extends Exception {
  /** What may pass by itself is tried as often as is configured. */
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

  /** What no number of tries changes, or hardly any: it is given up after so many, at least 1. */
  static DeliveryException lasting(String message, int mostTries) {
    return new DeliveryException(message, null, mostTries, Duration.ZERO);
  }

  /** The destination asks to be left alone for so long, 0 or more. */
  static DeliveryException busy(String message, Duration notBefore) {
    return new DeliveryException(message, null, ANY, notBefore);
  }

  /** Tries after which it is given up, however many are configured. */
  int mostTries() {
    return mostTries;
  }

  /** How long the destination asks to be left alone; zero when it does not say. */
  Duration notBefore() {
    return notBefore;
  }
}
