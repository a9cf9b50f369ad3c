package org.m2ib.metrics;

import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.Geometry;

/**
 * How well a map locates a mask.
 *
 * @param hit pointing game, see {@link Pointing}
 * @param auc over all pixels of the image, map against mask, see {@link Auc}
 */
public record MapScore(boolean hit, double auc) {

  /**
   * @param grid a value for each patch, [rows][columns] of the model's grid
   * @param mask over the source image, row-major
   * @param geometry from source to model
   */
  public static MapScore of(double[][] grid, boolean[] mask, Geometry geometry) {
    return of(Upsampling.toSource(grid, geometry), mask, geometry, grid.length);
  }

  /**
   * @param map over the source image, row-major
   * @param gridRows of the model, which determine the size of a patch
   * @throws IllegalArgumentException if the mask is empty or everywhere
   */
  public static MapScore of(float[] map, boolean[] mask, Geometry geometry, int gridRows) {
    return of(new Ties(map, mask), map, mask, geometry, gridRows);
  }

  /**
   * @param ties of map and mask
   */
  public static MapScore of(
      Ties ties, float[] map, boolean[] mask, Geometry geometry, int gridRows) {
    double auc = new Auc(ties).value(i -> 1);
    if (Double.isNaN(auc)) {
      throw new IllegalArgumentException("a mask that is empty, or everywhere, cannot be found");
    }
    double patch = geometry.inputRows() / (double) gridRows;
    int sourcePatch = (int) Math.round(patch * geometry.sourceRows() / geometry.resizedRows());
    return new MapScore(
        Pointing.hit(map, mask, geometry.sourceRows(), geometry.sourceColumns(), sourcePatch), auc);
  }
}
