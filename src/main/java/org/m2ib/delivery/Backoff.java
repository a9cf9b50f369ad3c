package org.m2ib.delivery;

import java.time.Duration;

/**
 * How long to wait after a failed try: the first pause, doubled with each further failure, never
 * above the longest.
 *
 * @param attempts tries before a delivery is given up as a dead letter, at least 1
 * @param firstPause above zero
 * @param longestPause at least firstPause
 */
public record Backoff(int attempts, Duration firstPause, Duration longestPause) {

  public Backoff {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "m2ib.delivery.attempts = " + attempts + ": must be 1 or more");
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

  /**
   * @param failures tries that failed so far, 1 or more
   * @return whether that was the last one
   */
  public boolean exhausted(int failures) {
    return failures >= attempts;
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
}
