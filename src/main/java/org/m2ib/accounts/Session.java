package org.m2ib.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Someone who is signed in on pages.
 *
 * @param number identifies it in lists; it opens nothing
 * @param person sign-in name
 * @param roles as given, without those that they include
 * @param mustChange whether the password must be changed first
 * @param idToken of the identity provider; null for users of this service
 * @param conference whether names and identifiers are hidden
 */
public record Session(
    long number,
    String person,
    String displayName,
    List<String> roles,
    boolean mustChange,
    String address,
    Instant startedAt,
    Instant seenAt,
    String idToken,
    boolean conference) {

  /** The attribute of an identity that holds its session. */
  public static final String ATTRIBUTE = "m2ib.session";

  /** The attribute of an identity that holds the id of its session, a secret. */
  public static final String ID = "m2ib.session-id";

  private static final Duration NOTED_AGAIN = Duration.ofMinutes(1);

  /** Whether its use is to be noted again, and its cookie to be renewed. */
  public boolean isDue(Instant now) {
    return seenAt.isBefore(now.minus(NOTED_AGAIN));
  }
}
