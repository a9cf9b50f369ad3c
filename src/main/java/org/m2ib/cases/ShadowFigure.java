package org.m2ib.cases;

import java.util.UUID;

/**
 * Figures of a model in shadow for one sentence on one image.
 *
 * @param resultId the active model's result for them
 * @param model its name
 * @param modelHash hash of its files
 * @param shadow its own figures
 * @param active those of the active model
 * @param rankCorrelation Spearman's, of its map with the active model's, -1 to 1; null if either is
 *     flat
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
   * Figures of one map, or means over many; null stands for NaN.
   *
   * @param similarity of image and sentence
   * @param confidenceDrop of the image masked by the map
   * @param confidenceIncrease of the image masked by the map
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
