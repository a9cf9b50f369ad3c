package org.m2ib.discordance;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Third of a lung by height. Lobes are none: a lower lobe reaches behind the middle zone. */
public enum Zone {
  UPPER("upper", "upper(?= (?:lung )?(?:zones?|lungs?|fields?)\\b)|apical|apex|apices"),
  MIDDLE("mid", "mid(?:dle)?(?= (?:lung )?(?:zones?|lungs?|fields?)\\b)"),
  LOWER("lower", "lower(?= (?:lung )?(?:zones?|lungs?|fields?)\\b)|basal|basilar|bases?|bibasal");

  private final String word;
  private final Pattern named;

  Zone(String word, String named) {
    this.word = word;
    this.named = Pattern.compile("\\b(?:" + named + ")\\b");
  }

  /** As in a sentence. */
  String word() {
    return word;
  }

  /**
   * @return empty unless exactly one is named
   */
  static Optional<Zone> in(String english) {
    String said = english.toLowerCase(Locale.ROOT);
    Zone found = null;
    for (Zone zone : values()) {
      if (zone.named.matcher(said).find()) {
        if (found != null) {
          return Optional.empty();
        }
        found = zone;
      }
    }
    return Optional.ofNullable(found);
  }
}
