package org.m2ib.metrics;

import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.Geometry;

/**
 * How well a map localises a mask.
 *
 * @param hit result of the pointing game, see {@link Pointing}
 * @param auc area under the ROC curve over all pixels, see {@link Auc}
 */
public record MapScore(boolean hit, double auc) {

  /**
   * @param grid one value per patch, [rows][columns] of the model's grid
   * @param mask mask of the source image, row-major
   * @param geometry transformation from source image to model input
   */
  public static MapScore of(double[][] grid, boolean[] mask, Geometry geometry) {
    return of(Upsampling.toSource(grid, geometry), mask, geometry, grid.length);
  }

  /**
   * @param map map over the source image, row-major
   * @param gridRows rows of the model's grid, which give the size of a patch
   * @throws IllegalArgumentException if the mask is empty or covers everything
   */
  public static MapScore of(float[] map, boolean[] mask, Geometry geometry, int gridRows) {
    return of(new Ties(map, mask), map, mask, geometry, gridRows);
  }

  /**
   * @param ties ties of map and mask
   */
  public static MapScore of(
      Ties ties, float[] map, boolean[] mask, Geometry geometry, int gridRows) {
    double auc = new Auc(ties).value(i -> 1);
    if (Double.isNaN(auc)) {
      throw new IllegalArgumentException(
          "a mask that is empty or covers everything cannot be localised");
    }
    double patch = geometry.inputRows() / (double) gridRows;
    int sourcePatch = (int) Math.round(patch * geometry.sourceRows() / geometry.resizedRows());
    return new MapScore(
        Pointing.hit(map, mask, geometry.sourceRows(), geometry.sourceColumns(), sourcePatch), auc);
  }
}
