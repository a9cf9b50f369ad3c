package org.m2ib.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.Geometry;

/**
 * All metrics of how well a map locates a mask.
 *
 * @param score pointing game and area under the ROC curve
 * @param averagePrecision over all pixels, see {@link AveragePrecision}
 * @param iou at each of {@link #THRESHOLDS}, of the map scaled to [0, 1] by its minimum and maximum
 * @param bestIou the highest over all thresholds; choosing that threshold requires the mask
 * @param bestThreshold that threshold, of the scaled map; NaN for a flat map
 * @param signedContrast see {@link ContrastToNoise}; NaN if undefined
 */
public record Localisation(
    MapScore score,
    double averagePrecision,
    List<Double> iou,
    double bestIou,
    double bestThreshold,
    double signedContrast) {

  public static final String POINTING = "pointing";
  public static final String AUC = "pixel AUC";

  public static final List<Double> THRESHOLDS =
      List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);

  /** The lowest five thresholds, over which MS-CXR's published figures are averaged. */
  private static final int PUBLISHED_THRESHOLDS = 5;

  public Localisation {
    iou = List.copyOf(iou);
  }

  /**
   * @param grid a value for each patch, [rows][columns] of the model's grid
   * @param mask over the source image, row-major
   * @param geometry from source to model
   * @throws IllegalArgumentException if the mask is empty, everywhere, or of another size
   */
  public static Localisation of(double[][] grid, boolean[] mask, Geometry geometry) {
    return of(Upsampling.toSource(grid, geometry), mask, geometry, grid.length);
  }

  /**
   * @param map over the source image, row-major, finite
   * @param gridRows of the model, which determine the size of a patch
   */
  public static Localisation of(float[] map, boolean[] mask, Geometry geometry, int gridRows) {
    Ties ties = new Ties(map, mask);
    MapScore score = MapScore.of(ties, map, mask, geometry, gridRows);
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    int positives = 0;
    for (int i = 0; i < map.length; i++) {
      least = Math.min(least, map[i]);
      most = Math.max(most, map[i]);
      positives += mask[i] ? 1 : 0;
    }
    float low = least;
    float high = most;
    Iou.Best best = Iou.best(ties, positives);
    return new Localisation(
        score,
        AveragePrecision.of(ties),
        THRESHOLDS.stream().map(t -> Iou.at(t, map, mask, low, high)).toList(),
        best.iou(),
        Iou.scaled(best.threshold(), low, high),
        ContrastToNoise.signed(map, mask));
  }

  /** As published: without its sign. */
  public double contrast() {
    return Math.abs(signedContrast);
  }

  /** Mean of the IoU at thresholds 0.1 to 0.5. */
  public double meanIou() {
    return mean(iou.subList(0, PUBLISHED_THRESHOLDS).stream());
  }

  /** By their names in tables; means over examples are the published figures. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(POINTING, score.hit() ? 1.0 : 0.0);
    figures.put(AUC, score.auc());
    figures.put("average precision", averagePrecision);
    figures.put("mIoU, best threshold", bestIou);
    figures.put("mIoU, 0.1 to 0.5", meanIou());
    for (int i = 0; i < iou.size(); i++) {
      figures.put(String.format(Locale.ROOT, "mIoU at %.1f", THRESHOLDS.get(i)), iou.get(i));
    }
    figures.put("CNR", contrast());
    figures.put("CNR, signed", signedContrast);
    return figures;
  }

  private static double mean(Stream<Double> values) {
    return values.mapToDouble(v -> v).average().orElseThrow();
  }
}
