package org.m2ib.delivery;

/**
 * A destination did not take what was sent; the message says which and why, without patient data.
 * It may be tried again.
 */
public final class DeliveryException extends Exception {
  public DeliveryException(String message, Throwable cause) {
    super(message, cause);
  }

  public DeliveryException(String message) {
    this(message, null);
  }
}
