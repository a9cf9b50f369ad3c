package org.m2ib.agreement;

/** How much two categories in an order agree, from 0 to 1. */
public enum Weights {
  /** The same category or not. */
  IDENTITY,
  /** Less by each step between them. */
  LINEAR,
  /** Less by the square of the steps between them. */
  QUADRATIC;

  /**
   * @param categories how many, at least 2
   * @return the agreement of categories i and j; 1 on the diagonal
   */
  double[][] of(int categories) {
    double[][] weights = new double[categories][categories];
    for (int i = 0; i < categories; i++) {
      for (int j = 0; j < categories; j++) {
        double distance = Math.abs(i - j) / (categories - 1.0);
        weights[i][j] =
            switch (this) {
              case IDENTITY -> i == j ? 1 : 0;
              case LINEAR -> 1 - distance;
              case QUADRATIC -> 1 - distance * distance;
            };
      }
    }
    return weights;
  }
}
