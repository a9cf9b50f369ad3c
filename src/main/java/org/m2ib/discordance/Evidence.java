package org.m2ib.discordance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.m2ib.report.Side;

/**
 * What one image says of the findings of the list, by its similarity to the list's sentences.
 * Similarities are standardised by those of the images of the fit, because a sentence that fits
 * every image well says nothing.
 */
public final class Evidence {
  private final Coefficients coefficients;
  private final Map<String, Double> similarities = new LinkedHashMap<>();

  /**
   * @param similarity cosine of the image and a sentence of the list, [-1, 1]
   * @param coefficients of the model; null if none were made
   */
  public Evidence(ToDoubleFunction<String> similarity, Coefficients coefficients) {
    this.coefficients = coefficients;
    StandardFinding.allSentences().forEach(s -> similarities.put(s, similarity.applyAsDouble(s)));
  }

  /** Share of the list's sentences that fit the image worse than a similarity, [0, 1]. */
  double percentile(double similarity) {
    return (double) similarities.values().stream().filter(s -> s < similarity).count()
        / similarities.size();
  }

  /** Log-odds that the image shows the finding. */
  public double seen(StandardFinding finding) {
    return coefficients.seen().get(finding.code()).logOdds(seenFeatures(finding));
  }

  /** Log-odds that the finding is on that side rather than the other. */
  double on(StandardFinding finding, Side side) {
    double left = coefficients.left().get(finding.code()).logOdds(leftFeatures(finding));
    return side == Side.LEFT ? left : -left;
  }

  /** Log-odds that the finding is in that zone rather than another. */
  double in(StandardFinding finding, Side side, Zone zone) {
    return coefficients.zone().get(finding.code()).logOdds(zoneFeatures(finding, side, zone));
  }

  /** Features of {@link #seen}: the finding's own sentences, and the other findings. */
  public Map<String, Double> seenFeatures(StandardFinding finding) {
    Map<String, Double> features = new LinkedHashMap<>();
    for (StandardFinding other : StandardFinding.all()) {
      features.put(other.code(), standardised(other.asserted()));
    }
    features.put("denied", standardised(finding.denied()));
    if (finding.sided()) {
      features.put("sides", Math.max(best(finding.on(Side.LEFT)), best(finding.on(Side.RIGHT))));
    }
    return features;
  }

  /** Features of {@link #on}: sentences with the left against those with the right. */
  public Map<String, Double> leftFeatures(StandardFinding finding) {
    Map<String, Double> features = new LinkedHashMap<>();
    features.put(
        "side", standardised(finding.at(Side.LEFT)) - standardised(finding.at(Side.RIGHT)));
    if (finding.zoned()) {
      features.put("zones", best(finding.on(Side.LEFT)) - best(finding.on(Side.RIGHT)));
    }
    return features;
  }

  /**
   * Features of {@link #in}: sentences with the zone against the best of other zones.
   *
   * @param side none for either
   */
  public Map<String, Double> zoneFeatures(StandardFinding finding, Side side, Zone zone) {
    List<Side> sides =
        side == Side.LEFT || side == Side.RIGHT ? List.of(side) : List.of(Side.LEFT, Side.RIGHT);
    double own = Double.NEGATIVE_INFINITY;
    double others = Double.NEGATIVE_INFINITY;
    for (Side each : sides) {
      for (Zone other : Zone.values()) {
        double fits = standardised(finding.at(each, other));
        if (other == zone) {
          own = Math.max(own, fits);
        } else {
          others = Math.max(others, fits);
        }
      }
    }
    return Map.of("zone", own - others);
  }

  private double best(List<String> sentences) {
    return sentences.stream().mapToDouble(this::standardised).max().orElseThrow();
  }

  private double standardised(String sentence) {
    return coefficients.sentences().get(sentence).standardised(similarities.get(sentence));
  }
}
