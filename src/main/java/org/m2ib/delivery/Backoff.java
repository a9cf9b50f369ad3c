package org.m2ib.delivery;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The retry schedule of deliveries: the first pause, doubled after each further failure, up to the
 * longest.
 *
 * @param attempts attempts before a delivery becomes a dead letter, at least 1
 * @param firstPause above zero
 * @param longestPause at least firstPause
 * @param spread draws a number in [0, 1] for each pause and adds that share of a fifth, so that
 *     deliveries that failed together are not retried together
 */
public record Backoff(
    int attempts, Duration firstPause, Duration longestPause, DoubleSupplier spread) {
  private static final Duration MOST_GRANTED = Duration.ofHours(1);

  public Backoff {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "m2ib.delivery.attempts = " + attempts + ": must be at least 1");
    }
    if (firstPause.isNegative() || firstPause.isZero()) {
      throw new IllegalArgumentException(
          "m2ib.delivery.first-pause = " + firstPause + ": must be above zero");
    }
    if (longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "m2ib.delivery.longest-pause = "
              + longestPause
              + ": must be at least first-pause, "
              + firstPause);
    }
  }

  /** Returns the pause after the given number of failed attempts, at least 1. */
  public Duration pause(int failures) {
    int doublings = Math.min(failures - 1, 40);
    long limit = longestPause.toMillis();
    long pause = firstPause.toMillis();
    for (int i = 0; i < doublings && pause < limit; i++) {
      pause *= 2;
    }
    return Duration.ofMillis(Math.min(pause, limit));
  }

  /**
   * As {@link #pause(int)}, but at least as long as the destination asks, up to an hour or the
   * longest pause, whichever is longer.
   *
   * @param notBefore the destination's Retry-After, 0 or more
   * @return spread
   */
  public Duration pause(int failures, Duration notBefore) {
    Duration most = longestPause.compareTo(MOST_GRANTED) > 0 ? longestPause : MOST_GRANTED;
    Duration granted = notBefore.compareTo(most) > 0 ? most : notBefore;
    Duration own = pause(failures);
    Duration pause = granted.compareTo(own) > 0 ? granted : own;
    return pause.plusMillis(Math.round(pause.toMillis() * spread.getAsDouble() / 5));
  }
}
