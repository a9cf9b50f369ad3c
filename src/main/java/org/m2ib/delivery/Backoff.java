package org.m2ib.delivery;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait after a failed try: the first pause, doubled with each further failure, never
 * above the longest.
 *
 * @param attempts tries before a delivery is given up as a dead letter, at least 1
 * @param firstPause above zero
 * @param longestPause at least firstPause
 * @param spread between 0 and 1, drawn anew for each pause, which is that share of a fifth longer:
 *     so what failed together is not tried together
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

  /** The pause after so many failed tries, 1 or more. */
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
   * As {@link #pause(int)}, but not before the destination wants to be asked again; of what it
   * wants an hour is granted, or the longest pause where that is longer.
   *
   * @param notBefore 0 or more
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
