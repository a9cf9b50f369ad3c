package org.m2ib.security;

/** The other server cannot be reached, or refuses, or sends what is not for this service. */
final class ProviderException extends Exception {
  private final boolean unreachable;

  ProviderException(String message, boolean unreachable) {
    super(message);
    this.unreachable = unreachable;
  }

  boolean isUnreachable() {
    return unreachable;
  }
}
