package org.m2ib.agreement;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Agreement between raters, with analytic 95 % intervals that take subjects as independent.
 *
 * <p>Percent agreement, Fleiss' kappa and Gwet's AC1 for any number of raters, also if some did not
 * rate all subjects, with the variances of Gwet (Handbook of Inter-Rater Reliability, 4th ed.,
 * chapters 2 to 5; t distribution with subjects - 1 degrees of freedom). Cohen's kappa for two,
 * with the large-sample variance of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969).
 */
public final class Agreement {
  private static final double UPPER = 0.975;
  private static final String SAME =
      "all ratings are the same category: chance alone would agree as much";

  private final Ratings ratings;
  private final double[][] weights;
  private final int[][] counts;
  private final int[] raters;
  private final double[] shares;
  private final double[] agreeing;
  private final int paired;

  /**
   * @param weights for categories in an order; {@link Weights#IDENTITY} for others
   */
  public Agreement(Ratings ratings, Weights weights) {
    this.ratings = ratings;
    this.weights = ratings.categories() < 2 ? new double[0][] : weights.of(ratings.categories());
    this.counts = ratings.counts();
    this.raters = Arrays.stream(counts).mapToInt(row -> Arrays.stream(row).sum()).toArray();
    this.paired = (int) Arrays.stream(raters).filter(n -> n > 1).count();
    this.shares = new double[ratings.categories()];
    this.agreeing = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      for (int k = 0; k < shares.length && this.weights.length > 0; k++) {
        shares[k] += (double) counts[i][k] / raters[i] / counts.length;
        if (raters[i] > 1) {
          double alike = weighted(this.weights[k], counts[i]) - 1;
          agreeing[i] += counts[i][k] * alike / (raters[i] * (raters[i] - 1.0));
        }
      }
    }
  }

  private static double weighted(double[] weights, int[] count) {
    double sum = 0;
    for (int l = 0; l < count.length; l++) {
      sum += weights[l] * count[l];
    }
    return sum;
  }

  /** Why there is no agreement to measure; null if there is. */
  private String missing() {
    if (ratings.categories() < 2) {
      return "there is only one category";
    } else if (ratings.subjects() == 0) {
      return "nothing was rated";
    } else if (ratings.raters() < 2) {
      return "there is only one rater";
    }
    return paired == 0 ? "no subject was rated by two raters" : null;
  }

  /** The share of pairs of raters that agree; pairs of one subject count as one. */
  public Coefficient percent() {
    if (missing() != null) {
      return Coefficient.undefined(paired, missing());
    }
    double[] each = new double[paired];
    int n = 0;
    for (int i = 0; i < counts.length; i++) {
      if (raters[i] > 1) {
        each[n++] = agreeing[i];
      }
    }
    Coefficient share = interval(Arrays.stream(each).sum() / paired, each);
    return share.low() == null ? share : share.from(0); // no share is less
  }

  /** Gwet's AC1; with weights AC2. */
  public Coefficient gwet() {
    if (missing() != null) {
      return Coefficient.undefined(paired, missing());
    }
    double total = Arrays.stream(weights).flatMapToDouble(Arrays::stream).sum();
    double factor = total / (shares.length * (shares.length - 1.0));
    double[] rest = Arrays.stream(shares).map(share -> 1 - share).toArray();
    double chance = 0;
    for (int k = 0; k < shares.length; k++) {
      chance += factor * shares[k] * rest[k];
    }
    double[] byChance = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      byChance[i] = factor * weighted(rest, counts[i]) / raters[i];
    }
    return corrected(chance, byChance);
  }

  /** Fleiss' kappa; for two raters Scott's pi. */
  public Coefficient fleiss() {
    if (missing() != null) {
      return Coefficient.undefined(paired, missing());
    }
    double[] expected = new double[shares.length];
    double chance = 0;
    for (int k = 0; k < shares.length; k++) {
      for (int l = 0; l < shares.length; l++) {
        expected[k] += weights[k][l] * shares[l]; // the weights are symmetric
      }
      chance += shares[k] * expected[k];
    }
    double[] byChance = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      byChance[i] = weighted(expected, counts[i]) / raters[i];
    }
    return corrected(chance, byChance);
  }

  private Coefficient corrected(double chance, double[] byChance) {
    if (1 - chance < 1e-12) {
      return Coefficient.undefined(paired, SAME);
    }
    double value = (Arrays.stream(agreeing).sum() / paired - chance) / (1 - chance);
    double[] each = new double[counts.length];
    for (int i = 0; i < each.length; i++) {
      double own =
          raters[i] > 1
              ? (double) counts.length / paired * (agreeing[i] - chance) / (1 - chance)
              : 0;
      each[i] = own - 2 * (1 - value) * (byChance[i] - chance) / (1 - chance);
    }
    return interval(value, each);
  }

  /**
   * @param each contribution of each subject, whose mean is the value up to rounding
   */
  private Coefficient interval(double value, double[] each) {
    int n = each.length;
    if (n < 2) {
      return Coefficient.of(value, Double.NaN, paired, "one subject has no interval");
    }
    double squares = Arrays.stream(each).map(x -> (x - value) * (x - value)).sum();
    double t = TDistribution.of(n - 1).inverseCumulativeProbability(UPPER);
    return Coefficient.of(value, t * Math.sqrt(squares / n / (n - 1)), paired, "");
  }

  /** Cohen's kappa of two raters, over the subjects that both rated. */
  public Coefficient cohen() {
    if (missing() != null) {
      return Coefficient.undefined(paired, missing());
    } else if (ratings.raters() != 2) {
      return Coefficient.undefined(
          paired, "Cohen's kappa is of two raters, and there are " + ratings.raters());
    }
    int q = weights.length;
    double[][] table = new double[q][q];
    double[] first = new double[q];
    double[] second = new double[q];
    for (int i = 0; i < ratings.subjects(); i++) {
      int a = ratings.rating(i, 0);
      int b = ratings.rating(i, 1);
      if (a != Ratings.MISSING && b != Ratings.MISSING) {
        table[a][b] += 1.0 / paired;
        first[a] += 1.0 / paired;
        second[b] += 1.0 / paired;
      }
    }
    double observed = 0;
    double chance = 0;
    double[] rows = new double[q];
    double[] columns = new double[q];
    for (int a = 0; a < q; a++) {
      for (int b = 0; b < q; b++) {
        observed += weights[a][b] * table[a][b];
        chance += weights[a][b] * first[a] * second[b];
        rows[a] += weights[a][b] * second[b];
        columns[b] += weights[a][b] * first[a];
      }
    }
    if (1 - chance < 1e-12) {
      return Coefficient.undefined(paired, SAME);
    }
    double kappa = (observed - chance) / (1 - chance);
    double sum = 0;
    for (int a = 0; a < q; a++) {
      for (int b = 0; b < q; b++) {
        double term = weights[a][b] - (rows[a] + columns[b]) * (1 - kappa);
        sum += table[a][b] * term * term;
      }
    }
    double centre = kappa - chance * (1 - kappa);
    double variance = Math.max(0, sum - centre * centre) / paired / (1 - chance) / (1 - chance);
    double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(UPPER);
    return paired < 2
        ? Coefficient.of(kappa, Double.NaN, paired, "one subject has no interval")
        : Coefficient.of(kappa, z * Math.sqrt(variance), paired, "");
  }
}
