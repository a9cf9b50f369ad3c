package org.m2ib.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.id.State;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.Optional;

/**
 * What this service has begun and another server has to answer, each bound by a cookie to the
 * browser that began it (RFC 6749, 10.12). Thread-safe.
 *
 * @param <T> what is kept until the answer
 */
final class BegunElsewhere<T> {
  /** How long the other server may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int MOST = 10_000;

  private final String cookie;
  private final String path;
  private final Cache<String, T> begun =
      Caffeine.newBuilder().expireAfterWrite(PATIENCE).maximumSize(MOST).build();

  /**
   * @param cookie its name
   * @param path below which the browser sends it
   */
  BegunElsewhere(String cookie, String path) {
    this.cookie = cookie;
    this.path = path;
  }

  /** Keeps what is begun; returns the cookie for the browser. */
  NewCookie begin(State state, T what) {
    begun.put(state.getValue(), what);
    return cookie(state.getValue(), (int) PATIENCE.toSeconds());
  }

  /**
   * Takes what was begun under a state, which counts once.
   *
   * @param state as the other server answers it
   * @param ours as the browser's cookie says
   * @return empty if another browser began it, or if it is not known, or no longer
   */
  Optional<T> take(String state, String ours) {
    return state != null && state.equals(ours)
        ? Optional.ofNullable(begun.asMap().remove(state))
        : Optional.empty();
  }

  /** The cookie that removes it from the browser. */
  NewCookie ended() {
    return cookie("", 0);
  }

  /** Lax, because the other server's page leads back here. */
  private NewCookie cookie(String value, int seconds) {
    return new NewCookie.Builder(cookie)
        .value(value)
        .path(path)
        .maxAge(seconds)
        .httpOnly(true)
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}
