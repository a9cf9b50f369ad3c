package org.m2ib.security;

import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;

/**
 * Binds what was begun at another server to the browser that began it (RFC 6749, 10.12). Lax,
 * because the other server's page leads back here.
 *
 * @param path below which the browser sends it
 */
record StateCookie(String name, String path) {
  /** How long the other server may take. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  NewCookie of(String state) {
    return cookie(state, (int) PATIENCE.toSeconds());
  }

  NewCookie gone() {
    return cookie("", 0);
  }

  private NewCookie cookie(String value, int seconds) {
    return new NewCookie.Builder(name)
        .value(value)
        .path(path)
        .maxAge(seconds)
        .httpOnly(true)
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}
