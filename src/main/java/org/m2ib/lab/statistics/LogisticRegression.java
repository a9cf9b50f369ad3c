package org.m2ib.lab.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Logistic regression on standardised features with a small ridge penalty, fitted by Newton's
 * method, and its cross-validated scores.
 */
public final class LogisticRegression {
  /** Of the squared weights, relative to the log-likelihood; the intercept is free. */
  private static final double RIDGE = 0.1;

  private static final int STEPS = 25;

  private final double[] means;
  private final double[] deviations;

  /** The intercept first. */
  private final double[] weights;

  /**
   * @param rows features of each example, all of the same number, finite
   * @param positive whether each is a positive
   */
  public LogisticRegression(List<double[]> rows, boolean[] positive) {
    int n = rows.get(0).length;
    means = new double[n];
    deviations = new double[n];
    for (int f = 0; f < n; f++) {
      int feature = f;
      double mean = rows.stream().mapToDouble(row -> row[feature]).average().orElseThrow();
      double variance =
          rows.stream()
              .mapToDouble(row -> Math.pow(row[feature] - mean, 2))
              .average()
              .orElseThrow();
      means[f] = mean;
      deviations[f] = variance > 0 ? Math.sqrt(variance) : 1;
    }
    weights = new double[n + 1];
    List<double[]> inputs = rows.stream().map(this::standardised).toList();
    for (int step = 0; step < STEPS; step++) {
      newton(inputs, positive);
    }
  }

  private void newton(List<double[]> inputs, boolean[] positive) {
    int n = weights.length;
    double[] gradient = new double[n];
    double[][] hessian = new double[n][n];
    for (int i = 1; i < n; i++) {
      gradient[i] = RIDGE * weights[i];
      hessian[i][i] = RIDGE;
    }
    hessian[0][0] = 1e-9; // not even where all are positive is it singular
    for (int e = 0; e < inputs.size(); e++) {
      double[] x = inputs.get(e);
      double p = 1 / (1 + Math.exp(-dot(x)));
      for (int i = 0; i < n; i++) {
        gradient[i] += (p - (positive[e] ? 1 : 0)) * x[i];
        for (int j = 0; j < n; j++) {
          hessian[i][j] += p * (1 - p) * x[i] * x[j];
        }
      }
    }
    double[] change = solve(hessian, gradient);
    for (int i = 0; i < n; i++) {
      weights[i] -= change[i];
    }
  }

  /** By elimination; the matrix is symmetric and positive definite. */
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int row = i + 1; row < n; row++) {
        double factor = matrix[row][i] / matrix[i][i];
        for (int j = i; j < n; j++) {
          matrix[row][j] -= factor * matrix[i][j];
        }
        x[row] -= factor * x[i];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int j = i + 1; j < n; j++) {
        x[i] -= matrix[i][j] * x[j];
      }
      x[i] /= matrix[i][i];
    }
    return x;
  }

  /** Means of the features. */
  public double[] means() {
    return means.clone();
  }

  /** Log-odds for one unit of each feature. */
  public double[] slopes() {
    double[] slopes = new double[means.length];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = weights[i + 1] / deviations[i];
    }
    return slopes;
  }

  /** Log-odds where all features are at their means. */
  public double intercept() {
    return weights[0];
  }

  /** Log-odds of a positive. */
  public double score(double[] row) {
    return dot(standardised(row));
  }

  private double dot(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += weights[i] * x[i];
    }
    return sum;
  }

  private double[] standardised(double[] row) {
    double[] x = new double[row.length + 1];
    x[0] = 1;
    for (int i = 0; i < row.length; i++) {
      x[i + 1] = (row[i] - means[i]) / deviations[i];
    }
    return x;
  }

  /**
   * The score of each example by a regression on those of other folds.
   *
   * @param groups of each example, for example its image; a group is never divided
   * @param folds number of parts; fewer if there are fewer groups
   * @param seed of the division
   * @throws IllegalArgumentException for a single group
   */
  public static double[] crossValidated(
      List<double[]> rows, boolean[] positive, List<String> groups, int folds, long seed) {
    List<String> order = new ArrayList<>(groups.stream().distinct().sorted().toList());
    if (order.size() < 2) {
      throw new IllegalArgumentException("cross-validation needs two images or more");
    }
    Collections.shuffle(order, new Random(seed));
    int parts = Math.min(folds, order.size());
    double[] scores = new double[rows.size()];
    for (int part = 0; part < parts; part++) {
      List<double[]> others = new ArrayList<>();
      List<Boolean> labels = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (order.indexOf(groups.get(i)) % parts != part) {
          others.add(rows.get(i));
          labels.add(positive[i]);
        }
      }
      boolean[] known = new boolean[labels.size()];
      for (int i = 0; i < known.length; i++) {
        known[i] = labels.get(i);
      }
      LogisticRegression fit = new LogisticRegression(others, known);
      for (int i = 0; i < scores.length; i++) {
        if (order.indexOf(groups.get(i)) % parts == part) {
          scores[i] = fit.score(rows.get(i));
        }
      }
    }
    return scores;
  }
}
