package org.m2ib.base;

import java.net.URI;
import java.util.Optional;

/** Addresses that people configure. */
public final class HttpUrl {
  private HttpUrl() {}

  /** Returns the URI if it is absolute, with http or https and a host (RFC 9110, 4.2). */
  public static Optional<URI> parse(String text) {
    try {
      URI uri = URI.create(text);
      boolean isHttp = uri.getScheme() != null && uri.getScheme().matches("https?");
      return isHttp && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
