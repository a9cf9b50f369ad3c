package org.m2ib.judging;

import java.util.Map;

/**
 * How this site judges.
 *
 * @param schemes what persons are asked
 * @param readers how many persons judge each sentence independently of each other, 1 or more
 * @param beforeMap whether the review page asks for an answer before it shows the map
 * @param authors who wrote which report
 */
public record JudgingPolicy(Schemes schemes, int readers, boolean beforeMap, OwnReports authors) {

  /**
   * @throws IllegalArgumentException if the number of readers is not 1 to 9
   */
  public JudgingPolicy {
    if (readers < 1 || readers > 9) {
      throw new IllegalArgumentException("m2ib.judging.readers = " + readers + ": must be 1 to 9");
    }
  }

  /** The built-in schemes, one reader, the map shown at once. */
  public static JudgingPolicy usual() {
    return new JudgingPolicy(Schemes.usual(), 1, false, new OwnReports(Map.of()));
  }
}
