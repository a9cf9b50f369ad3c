package org.m2ib.discordance;

import java.util.Locale;
import org.m2ib.report.Side;

/** One plain sentence for a reader on why something is in the queue. */
final class Reasons {
  private Reasons() {}

  static String of(Kind kind, Claim claim) {
    String name = claim.finding().name();
    return switch (kind) {
      case SIDE, DEVICE_POSITION ->
          "The report says the %s is on the %s; the image fits \"%s\" better."
              .formatted(name, word(claim.side()), claim.side() == Side.LEFT ? "right" : "left");
      case LOCATION ->
          "The report says the %s is in the %s zone; the image fits another zone better."
              .formatted(name, claim.zone().word());
      case DENIED -> "The report denies %s; the image supports it.".formatted(article(claim));
      case STATED ->
          "The report states %s; the image does not support it.".formatted(article(claim));
      case OMITTED, CONTRADICTION -> throw new IllegalArgumentException(kind + " is of no claim");
    };
  }

  static String omitted(StandardFinding finding) {
    return "The image supports %s; the report does not mention it.".formatted(article(finding));
  }

  /** How two claims about a finding contradict each other. */
  static String contradiction(String where, StandardFinding finding, String one, String other) {
    return "%s contradict each other: the %s is %s in one, %s in the other."
        .formatted(where, finding.name(), one, other);
  }

  static String word(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  private static String article(Claim claim) {
    return article(claim.finding());
  }

  private static String article(StandardFinding finding) {
    boolean counted =
        switch (finding.code()) {
          case "nodule", "effusion", "pneumothorax", "catheter" -> true;
          default -> false;
        };
    return (counted ? "a " : "") + finding.name();
  }
}
