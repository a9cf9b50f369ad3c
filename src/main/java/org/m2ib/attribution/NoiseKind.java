package org.m2ib.attribution;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How the noise of steps and samples is related. */
public enum NoiseKind {
  /** Every step and sample has its own, as in the paper. */
  INDEPENDENT,
  /** The second half of a step's samples is the negative of the first (antithetic variates). */
  ANTITHETIC,
  /** Every step has the first step's (common random numbers). */
  COMMON;

  /**
   * @param name value of {@code m2ib.attribution.noise}
   * @throws IllegalArgumentException for another value
   */
  public static NoiseKind of(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "m2ib.attribution.noise = %s: must be independent, antithetic or common"
                        .formatted(name)));
  }

  /** Returns its name in configuration and results. */
  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
