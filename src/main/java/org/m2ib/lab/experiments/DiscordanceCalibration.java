package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.m2ib.discordance.Kind;
import org.m2ib.lab.experiments.DiscordanceBenchmark.Answer;
import org.m2ib.lab.statistics.Bootstrap;
import org.m2ib.lab.statistics.CalibrationLine;
import org.m2ib.lab.statistics.Interval;

/**
 * Whether the scores of one kind are what they say: the probability that a sentence is wrong if one
 * of two such sentences is. Wrong and true ones count as if they were equally many.
 *
 * @param wrong number of wrong ones
 * @param right number of true ones
 * @param slope of the calibration line, 1 if calibrated
 * @param intercept of the calibration line, 0 if calibrated
 * @param error mean distance of score and share, over the tenths of the score
 * @param shares of wrong ones in each tenth of the score; null where there are fewer than ten
 * @param counts of answers in each tenth
 */
public record DiscordanceCalibration(
    Kind kind,
    int wrong,
    int right,
    Interval slope,
    Interval intercept,
    Interval error,
    List<Double> shares,
    List<Integer> counts) {

  /** Number of equal parts of [0, 1]. */
  public static final int BINS = 10;

  private static final int FEW = 10;

  /** Whether slope and intercept are those of calibrated scores, by their intervals. */
  public boolean calibrated() {
    return holds(slope, 1) && holds(intercept, 0);
  }

  private static boolean holds(Interval interval, double value) {
    return interval.low() <= value && value <= interval.high();
  }

  /**
   * Of each kind with answers of both sorts.
   *
   * @param clusters number of studies
   */
  static List<DiscordanceCalibration> of(List<Answer> answers, int clusters, long seed) {
    List<DiscordanceCalibration> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<Answer> own = answers.stream().filter(a -> a.kind() == kind).toList();
      int wrong = (int) own.stream().filter(Answer::wrong).count();
      if (wrong > 0 && wrong < own.size()) {
        all.add(of(kind, own, wrong, new Bootstrap(seed, clusters)));
      }
    }
    return all;
  }

  private static DiscordanceCalibration of(
      Kind kind, List<Answer> own, int wrong, Bootstrap bootstrap) {
    int n = own.size();
    double[] logOdds = own.stream().mapToDouble(Answer::logOdds).toArray();
    boolean[] isWrong = new boolean[n];
    for (int i = 0; i < n; i++) {
      isWrong[i] = own.get(i).wrong();
    }
    List<Interval> figures =
        bootstrap.intervals(
            draws -> {
              double[] weights =
                  own.stream().mapToDouble(answer -> draws[answer.cluster()]).toArray();
              double[] line = CalibrationLine.of(logOdds, isWrong, weights);
              Bins bins = new Bins(logOdds, isWrong, weights);
              return new double[] {line[1], line[0], bins.error()};
            });
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Bins bins = new Bins(logOdds, isWrong, ones);
    List<Double> shares = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      int count = (int) bins.count[b];
      counts.add(count);
      shares.add(count < FEW ? null : bins.share(b));
    }
    return new DiscordanceCalibration(
        kind, wrong, n - wrong, figures.get(0), figures.get(1), figures.get(2), shares, counts);
  }

  /** Tenths of the score. */
  private static final class Bins {
    final double[] count = new double[BINS];
    private final double[] wrong = new double[BINS];
    private final double[] right = new double[BINS];
    private final double[] score = new double[BINS];

    Bins(double[] logOdds, boolean[] isWrong, double[] weights) {
      double[] totals = new double[2];
      for (int i = 0; i < logOdds.length; i++) {
        totals[isWrong[i] ? 1 : 0] += weights[i];
      }
      for (int i = 0; i < logOdds.length; i++) {
        double given = 1 / (1 + Math.exp(-logOdds[i]));
        int bin = Math.min(BINS - 1, (int) (BINS * given));
        double weight = weights[i] / (2 * totals[isWrong[i] ? 1 : 0]);
        count[bin] += weights[i];
        (isWrong[i] ? wrong : right)[bin] += weight;
        score[bin] += weight * given;
      }
    }

    double share(int bin) {
      return wrong[bin] / (wrong[bin] + right[bin]);
    }

    double error() {
      double sum = 0;
      for (int b = 0; b < BINS; b++) {
        sum += Math.abs(wrong[b] - score[b]);
      }
      return sum;
    }
  }
}
