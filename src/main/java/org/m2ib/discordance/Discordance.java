package org.m2ib.discordance;

import java.util.Map;

/**
 * Where a report and its images may disagree.
 *
 * @param finding its code in the list
 * @param sentence index of the sentence in the report; null for {@link Kind#OMITTED}
 * @param other index of the sentence that it contradicts; null for other kinds
 * @param image index of the image whose parts these are; null for {@link Kind#CONTRADICTION}
 * @param parts by name, see {@link Parts}
 * @param logOdds that it is wrong, if one of two such sentences is; null if the model has no
 *     coefficients, or for a rule of text
 * @param reason one sentence for a reader
 */
public record Discordance(
    Kind kind,
    String finding,
    Integer sentence,
    Integer other,
    Integer image,
    Map<String, Double> parts,
    Double logOdds,
    String reason) {
  private static final double CONTRADICTION = Math.log(99);

  /** Probability that it is wrong, if one of two such sentences is; null without coefficients. */
  public Double score() {
    return logOdds == null ? null : 1 / (1 + Math.exp(-logOdds));
  }

  /**
   * Order in the queue, descending: log-odds; for a contradiction, which needs no image, those of
   * 19 in 100; without coefficients below all others, by the audit's margins.
   */
  public double rank() {
    if (kind == Kind.CONTRADICTION) {
      return CONTRADICTION;
    }
    if (logOdds != null) {
      return logOdds;
    }
    double margin =
        Math.min(
            parts.getOrDefault(Parts.CONTRARY, 0.0), parts.getOrDefault(Parts.OTHER_SIDE, 0.0));
    return -2 * Logistic.MOST - margin;
  }

  /**
   * @param prevalence share of such sentences that are wrong, (0, 1)
   * @return probability that it is wrong; null without coefficients
   */
  public Double probability(double prevalence) {
    return logOdds == null
        ? null
        : 1 / (1 + Math.exp(-logOdds - Math.log(prevalence / (1 - prevalence))));
  }
}
