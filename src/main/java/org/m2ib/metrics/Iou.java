package org.m2ib.metrics;

/** Intersection over union (IoU) of a mask and the part of a map above a threshold. */
final class Iou {
  private Iou() {}

  /**
   * The highest IoU over all thresholds.
   *
   * @param iou in [0, 1]
   * @param threshold highest threshold that gives it, for the part of the map at or above it
   */
  record Best(double iou, double threshold) {}

  /**
   * @param threshold threshold on the map after scaling to [0, 1]; the part above it is compared
   *     with the mask
   * @param min minimum of the map, scaled to 0
   * @param max maximum of the map, scaled to 1; a flat map has no part above any threshold
   */
  static double at(double threshold, float[] map, boolean[] mask, float min, float max) {
    long intersection = 0;
    long either = 0;
    for (int i = 0; i < map.length; i++) {
      boolean above = max > min && scaled(map[i], min, max) > threshold;
      intersection += above && mask[i] ? 1 : 0;
      either += above || mask[i] ? 1 : 0;
    }
    return intersection / (double) either;
  }

  /**
   * @param positives number of pixels in the mask
   */
  static Best best(Ties ties, int positives) {
    var search =
        new Ties.Visitor() {
          double intersection;
          double answer;
          Best best = new Best(0, Double.NaN);

          @Override
          public void at(float score, double tiedPositives, double tiedNegatives) {
            intersection += tiedPositives;
            answer += tiedPositives + tiedNegatives;
            double iou = intersection / (answer + positives - intersection);
            if (iou > best.iou()) {
              best = new Best(iou, score);
            }
          }
        };
    ties.falling(i -> 1, search);
    return search.best;
  }

  static double scaled(double value, double min, double max) {
    return (value - min) / (max - min);
  }
}
