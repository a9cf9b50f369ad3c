package org.m2ib.lab.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores rank what is wrong above what is right. All figures take the weights of a
 * bootstrap's resample.
 */
public final class Ranking {
  private final double[] scores;
  private final boolean[] positive;
  private final int[] clusters;

  /** Indices in descending order of score. */
  private final int[] order;

  /**
   * @param scores finite
   * @param positive whether each should rank high
   * @param clusters of each, from 0
   */
  public Ranking(double[] scores, boolean[] positive, int[] clusters) {
    this.scores = scores;
    this.positive = positive;
    this.clusters = clusters;
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .mapToInt(i -> i)
            .toArray();
  }

  /** Area under the ROC curve; a tie counts one half. NaN without positives or negatives. */
  public double auroc(int[] draws) {
    double[] area = new double[1];
    double[] totals = fall(draws, (p, n, seenP, seenN) -> area[0] += n * (seenP - p / 2));
    return area[0] / (totals[0] * totals[1]);
  }

  /** Average precision; ties enter together. */
  public double averagePrecision(int[] draws) {
    double[] sum = new double[1];
    double[] totals =
        fall(draws, (p, n, seenP, seenN) -> sum[0] += p == 0 ? 0 : p * seenP / (seenP + seenN));
    return sum[0] / totals[0];
  }

  /**
   * @param rate share of the negatives that may raise an alert, for example 0.01
   * @return share of the positives that rank above; between two scores it is interpolated
   */
  public double sensitivity(int[] draws, double rate) {
    double negatives = total(draws, false);
    double allowed = rate * negatives;
    double[] found = {0, 0}; // positives, whether over
    double[] totals =
        fall(
            draws,
            (p, n, seenP, seenN) -> {
              if (found[1] == 0) {
                if (seenN <= allowed) {
                  found[0] = seenP;
                } else {
                  found[0] += n == 0 ? 0 : p * (allowed - (seenN - n)) / n;
                  found[1] = 1;
                }
              }
            });
    return found[0] / totals[0];
  }

  private double total(int[] draws, boolean of) {
    double total = 0;
    for (int i = 0; i < scores.length; i++) {
      total += positive[i] == of ? draws[clusters[i]] : 0;
    }
    return total;
  }

  private interface Step {
    /** Weights of one distinct score, and of all down to it. */
    void at(double positives, double negatives, double seenPositives, double seenNegatives);
  }

  /** Returns the weights of all positives and negatives. */
  private double[] fall(int[] draws, Step step) {
    double seenP = 0;
    double seenN = 0;
    for (int from = 0, to; from < order.length; from = to) {
      double p = 0;
      double n = 0;
      for (to = from; to < order.length && scores[order[to]] == scores[order[from]]; to++) {
        int weight = draws[clusters[order[to]]];
        if (positive[order[to]]) {
          p += weight;
        } else {
          n += weight;
        }
      }
      seenP += p;
      seenN += n;
      step.at(p, n, seenP, seenN);
    }
    return new double[] {seenP, seenN};
  }
}
