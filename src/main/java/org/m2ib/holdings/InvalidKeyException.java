package org.m2ib.holdings;

/** A key that is not matched, or a value of a form that it does not have. */
public final class InvalidKeyException extends IllegalArgumentException {

  /**
   * @param message names the key and what it takes; never its value
   */
  InvalidKeyException(String message) {
    super(message);
  }
}
