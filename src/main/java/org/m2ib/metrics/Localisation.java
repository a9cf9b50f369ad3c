package org.m2ib.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.Geometry;

/**
 * All localisation figures of a map against a mask.
 *
 * @param score pointing game and area under the ROC curve
 * @param averagePrecision over all pixels, see {@link AveragePrecision}
 * @param iou IoU at each of {@link #THRESHOLDS}, of the map scaled to [0, 1] by its minimum and
 *     maximum
 * @param bestIou highest IoU over all thresholds; choosing this threshold requires the mask
 * @param bestThreshold that threshold, on the scaled map; NaN for a flat map
 * @param signedContrast see {@link ContrastToNoise}; NaN if undefined
 * @param inside whether the map's maximum lies in the mask itself, as CheXlocalize counts a hit; of
 *     equal maxima the first counts, a flat map misses
 * @param otsuIou IoU of what lies above Otsu's threshold, as CheXlocalize makes a segmentation; 0
 *     for a flat map
 * @param clusterDice Dice coefficient of the largest region of the brighter of two clusters, as
 *     MedCLIP-SAMv2 makes a segmentation before it asks SAM; 0 for a flat map
 * @param clusterIou IoU of the same
 */
public record Localisation(
    MapScore score,
    double averagePrecision,
    List<Double> iou,
    double bestIou,
    double bestThreshold,
    double signedContrast,
    boolean inside,
    double otsuIou,
    double clusterDice,
    double clusterIou) {

  public static final String POINTING = "pointing";
  public static final String AUC = "pixel AUC";

  public static final List<Double> THRESHOLDS =
      List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);

  /** Figures as other publications define them: CheXlocalize's two, then MedCLIP-SAMv2's. */
  public static final List<String> PROTOCOLS =
      List.of("hit rate", "mIoU, Otsu", "Dice, two clusters", "mIoU, two clusters");

  /** The five lowest thresholds, over which MS-CXR's published figures are averaged. */
  private static final int PUBLISHED_THRESHOLDS = 5;

  public Localisation {
    iou = List.copyOf(iou);
  }

  /**
   * @param grid one value per patch, [rows][columns] of the model's grid
   * @param mask mask of the source image, row-major
   * @param geometry transformation from source image to model input
   * @throws IllegalArgumentException if the mask is empty, covers everything, or has another size
   */
  public static Localisation of(double[][] grid, boolean[] mask, Geometry geometry) {
    return of(Upsampling.toSource(grid, geometry), mask, geometry, grid.length);
  }

  /**
   * @param map map over the source image, row-major, finite
   * @param gridRows rows of the model's grid, which give the size of a patch
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
    int peak = Pointing.peak(map);
    boolean[] bright = Segmentation.kMeans(map, geometry.sourceRows(), geometry.sourceColumns());
    return new Localisation(
        score,
        AveragePrecision.of(ties),
        THRESHOLDS.stream().map(t -> Iou.at(t, map, mask, low, high)).toList(),
        best.iou(),
        Iou.scaled(best.threshold(), low, high),
        ContrastToNoise.signed(map, mask),
        peak >= 0 && mask[peak],
        Segmentation.iou(Segmentation.otsu(map), mask),
        Segmentation.dice(bright, mask),
        Segmentation.iou(bright, mask));
  }

  /** Returns the absolute contrast, as published. */
  public double contrast() {
    return Math.abs(signedContrast);
  }

  /** Returns the mean IoU over thresholds 0.1 to 0.5. */
  public double meanIou() {
    return mean(iou.subList(0, PUBLISHED_THRESHOLDS).stream());
  }

  /**
   * Returns the figures by their names in tables. Published figures are means of them over
   * examples.
   */
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
    List<Double> published = List.of(inside ? 1.0 : 0.0, otsuIou, clusterDice, clusterIou);
    for (int i = 0; i < published.size(); i++) {
      figures.put(PROTOCOLS.get(i), published.get(i));
    }
    return figures;
  }

  private static double mean(Stream<Double> values) {
    return values.mapToDouble(v -> v).average().orElseThrow();
  }
}
