package org.m2ib.lab.datasets;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;

/**
 * A box or polygon drawn by a reader. Coordinates are continuous, with (0, 0) the outer corner of
 * the first pixel; a pixel is inside if its centre is. Adjoining shapes neither share nor omit a
 * pixel, which Java2D's own filling does not guarantee. Parts outside the image are clipped.
 *
 * @param on the image that it was drawn on; null if that has the size of whatever is loaded
 * @param where file and line or annotation
 */
record AnnotatedShape(Shape shape, PictureSize on, String where) implements Example.Region {

  /**
   * @param x of the left edge
   * @param y of the upper edge
   * @throws BadRow if it has no area, or none inside the image
   */
  static AnnotatedShape box(
      Row row, double x, double y, double width, double height, PictureSize on) throws BadRow {
    if (width <= 0 || height <= 0) {
      throw row.bad(
          "a box of %s x %s pixels; its right must be above its left and its bottom above its top"
              .formatted(width, height));
    }
    return on(row, new Rectangle2D.Double(x, y, width, height), on);
  }

  /**
   * @param points x and y of each corner, in order; the last is joined to the first
   */
  static AnnotatedShape polygon(Row row, double[][] points, PictureSize on) throws BadRow {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    path.moveTo(points[0][0], points[0][1]);
    for (double[] point : points) {
      path.lineTo(point[0], point[1]);
    }
    path.closePath();
    return on(row, path, on);
  }

  private static AnnotatedShape on(Row row, Shape shape, PictureSize on) throws BadRow {
    Rectangle2D b = shape.getBounds2D();
    double right = on == null ? Double.MAX_VALUE : on.columns();
    double bottom = on == null ? Double.MAX_VALUE : on.rows();
    if (b.getMaxX() <= 0 || b.getMaxY() <= 0 || b.getX() >= right || b.getY() >= bottom) {
      throw row.bad(
          "drawn at (%s, %s) to (%s, %s), outside the picture%s"
              .formatted(
                  b.getX(), b.getY(), b.getMaxX(), b.getMaxY(), on == null ? "" : " of " + on));
    }
    return new AnnotatedShape(shape, on, row.where());
  }

  @Override
  public boolean[] mask(int rows, int columns) throws IOException {
    if (on != null) {
      on.requireRatioOf(columns, rows, where);
    }
    double acrossEach = on == null ? 1 : (double) on.columns() / columns;
    double downEach = on == null ? 1 : (double) on.rows() / rows;
    Rectangle2D bounds = shape.getBounds2D();
    int left = (int) Math.max(0, bounds.getX() / acrossEach);
    int top = (int) Math.max(0, bounds.getY() / downEach);
    int right = (int) Math.min(columns, Math.ceil(bounds.getMaxX() / acrossEach));
    int bottom = (int) Math.min(rows, Math.ceil(bounds.getMaxY() / downEach));
    boolean[] mask = new boolean[rows * columns];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        mask[y * columns + x] = shape.contains((x + 0.5) * acrossEach, (y + 0.5) * downEach);
      }
    }
    return mask;
  }
}
