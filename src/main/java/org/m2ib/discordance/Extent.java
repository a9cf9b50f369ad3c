package org.m2ib.discordance;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How severe or large a sentence calls a finding. */
public enum Extent {
  SLIGHT("small|tiny|trace|minimal|mild|mildly|slight|slightly|minor|subtle"),
  MODERATE("moderate|moderately|moderate-sized"),
  SEVERE("large|massive|severe|severely|extensive|marked|markedly|gross|huge");

  private final Pattern named;

  Extent(String named) {
    this.named = Pattern.compile("\\b(?:" + named + ")\\b");
  }

  /**
   * @return empty unless exactly one is named: "small to moderate" is none
   */
  static Optional<Extent> in(String english) {
    String said = english.toLowerCase(Locale.ROOT);
    Extent found = null;
    for (Extent extent : values()) {
      if (extent.named.matcher(said).find()) {
        if (found != null) {
          return Optional.empty();
        }
        found = extent;
      }
    }
    return Optional.ofNullable(found);
  }
}
