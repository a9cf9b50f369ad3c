package org.m2ib.discordance;

import java.util.Comparator;
import java.util.List;

/**
 * A threshold for one site from what its reviewers judged: the highest score that still keeps nine
 * of ten confirmed discordances. It is only proposed; a person accepts it.
 *
 * @param score threshold, [0, 1]; null if too few were judged
 * @param judged number confirmed or not
 * @param confirmed number of these that were confirmed
 * @param kept number of confirmed ones at or above the threshold
 * @param alerts number of judged ones at or above it
 * @param note what is missing; null if there is a proposal
 */
public record ThresholdProposal(
    Double score, int judged, int confirmed, int kept, int alerts, String note) {
  /** Fewer confirmed ones, or others, decide nothing. */
  static final int LEAST = 10;

  private static final double KEPT = 0.9;

  /** A judged discordance. */
  public record Judged(double score, boolean confirmed) {}

  public static ThresholdProposal of(List<Judged> all) {
    int confirmed = (int) all.stream().filter(Judged::confirmed).count();
    if (confirmed < LEAST || all.size() - confirmed < LEAST) {
      return new ThresholdProposal(
          null,
          all.size(),
          confirmed,
          confirmed,
          all.size(),
          "A proposal needs at least %d confirmed and %d not confirmed; there are %d and %d."
              .formatted(LEAST, LEAST, confirmed, all.size() - confirmed));
    }
    List<Double> scores =
        all.stream()
            .filter(Judged::confirmed)
            .map(Judged::score)
            .sorted(Comparator.reverseOrder())
            .toList();
    double score = scores.get((int) Math.ceil(KEPT * confirmed) - 1);
    return new ThresholdProposal(
        score,
        all.size(),
        confirmed,
        (int) scores.stream().filter(s -> s >= score).count(),
        (int) all.stream().filter(j -> j.score() >= score).count(),
        null);
  }

  /** Share of the alerts that were confirmed; NaN without alerts. */
  public double precision() {
    return (double) kept / alerts;
  }
}
