package org.m2ib.discordance;

import java.util.List;
import java.util.Map;

/**
 * A fitted logistic regression. A feature that is missing counts as its mean, so it says nothing.
 *
 * @param features names, in the order of the other lists
 * @param means of the features in the fit
 * @param slopes log-odds for one unit of each feature
 * @param intercept log-odds where all features are at their means
 */
public record Logistic(
    List<String> features, List<Double> means, List<Double> slopes, double intercept) {

  /** Beyond these log-odds (1 in 1,000) nothing was measured. */
  static final double MOST = Math.log(999);

  public Logistic {
    if (features.size() != means.size() || features.size() != slopes.size()) {
      throw new IllegalArgumentException(
          "%d features, %d means, %d slopes"
              .formatted(features.size(), means.size(), slopes.size()));
    }
  }

  /**
   * @param values by name; others than the features do not count
   * @return limited to what a fit can know, 1 in 1,000 on either side
   */
  public double logOdds(Map<String, Double> values) {
    double sum = intercept;
    for (int i = 0; i < features.size(); i++) {
      Double value = values.get(features.get(i));
      if (value != null && Double.isFinite(value)) {
        sum += slopes.get(i) * (value - means.get(i));
      }
    }
    return Math.max(-MOST, Math.min(MOST, sum));
  }
}
