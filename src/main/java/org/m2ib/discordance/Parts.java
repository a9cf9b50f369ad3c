package org.m2ib.discordance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The named parts of a score. Each is higher the more the sentence and the image agree, except
 * {@link #SEEN}, whose meaning depends on whether the sentence denies.
 */
public final class Parts {
  /** Similarity of the sentence less that of its contrary. */
  public static final String CONTRARY = "contrary";

  /** Similarity of the sentence less that with the other side. */
  public static final String OTHER_SIDE = "other-side";

  /** Share of the list's sentences that fit the image worse than this one, [0, 1]. */
  public static final String PERCENTILE = "percentile";

  /** Log-odds that the image shows the finding. */
  public static final String SEEN = "seen";

  /** Log-odds that the finding is on the sentence's side. */
  public static final String ON_SIDE = "on-side";

  /** Log-odds that the finding is in the sentence's zone. */
  public static final String IN_ZONE = "in-zone";

  /** 1 if the map lies on the sentence's side, -1 on the other. */
  public static final String MAP_SIDE = "map-side";

  /** Rank correlation of the map with that of the contrary. */
  public static final String MAP_AGREEMENT = "map-agreement";

  /**
   * Log-odds that the sentence is wrong, or the finding omitted, by a control that sees no image;
   * not in the score.
   */
  public static final String TEXT_ONLY = "text-only";

  private Parts() {}

  /**
   * @param evidence null if the list's sentences were not asked
   * @param calibrated whether there are coefficients for the model
   * @return without what is unknown
   */
  static Map<String, Double> of(
      Claim claim, SentenceFit fit, Evidence evidence, boolean calibrated) {
    Map<String, Double> parts = new LinkedHashMap<>();
    if (fit != null) {
      put(parts, CONTRARY, fit.contrary() == null ? null : fit.similarity() - fit.contrary());
      put(parts, OTHER_SIDE, fit.otherSide() == null ? null : fit.similarity() - fit.otherSide());
      put(parts, PERCENTILE, evidence == null ? null : evidence.percentile(fit.similarity()));
      put(parts, MAP_SIDE, fit.sameSide() == null ? null : fit.sameSide() ? 1.0 : -1.0);
      put(parts, MAP_AGREEMENT, fit.agreement());
    }
    if (calibrated && claim != null) {
      put(parts, SEEN, evidence.seen(claim.finding()));
      if (claim.onOneSide() && !claim.denied()) {
        put(parts, ON_SIDE, evidence.on(claim.finding(), claim.side()));
      }
      if (claim.inOneZone() && !claim.denied()) {
        put(parts, IN_ZONE, evidence.in(claim.finding(), claim.side(), claim.zone()));
      }
    }
    return parts;
  }

  private static void put(Map<String, Double> parts, String name, Double value) {
    if (value != null && Double.isFinite(value)) {
      parts.put(name, value);
    }
  }
}
