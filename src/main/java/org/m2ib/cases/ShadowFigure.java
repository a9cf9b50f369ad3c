package org.m2ib.cases;

import java.util.UUID;

/**
 * What a model in shadow made of one sentence on one image, in figures.
 *
 * @param resultId the active model's result of them
 * @param model its name
 * @param modelHash of its files
 * @param shadow its own figures
 * @param active the same of the active model
 * @param rankCorrelation Spearman's, of its map with the active model's, -1 to 1; null where either
 *     is flat
 */
public record ShadowFigure(
    UUID resultId,
    UUID caseId,
    String model,
    String modelHash,
    Figures shadow,
    Figures active,
    Double rankCorrelation) {

  /**
   * Of one map, or means of many; null is what is not a number.
   *
   * @param similarity of image and sentence
   * @param confidenceDrop of the image masked by the map
   * @param confidenceIncrease of the same
   */
  public record Figures(Double similarity, Double confidenceDrop, Double confidenceIncrease) {
    public Figures {
      similarity = finite(similarity);
      confidenceDrop = finite(confidenceDrop);
      confidenceIncrease = finite(confidenceIncrease);
    }
  }

  public ShadowFigure {
    rankCorrelation = finite(rankCorrelation);
  }

  private static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
