package org.m2ib.delivery;

/**
 * A DICOMweb archive as rows of the outbox name it: its base URL after {@code stow:}, which tells
 * it from a FHIR server.
 */
public final class StowAddress {
  private static final String SCHEME = "stow:";

  private StowAddress() {}

  public static String of(String url) {
    return SCHEME + url;
  }

  /** Whether a destination is such an address. */
  static boolean is(String destination) {
    return destination.startsWith(SCHEME);
  }
}
