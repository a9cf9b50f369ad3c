package org.m2ib.lab.datasets;

import java.io.IOException;

/** Columns and rows of an annotated image. */
record PictureSize(int columns, int rows) {

  /**
   * Whether an image of the other size may be this one, resized: within one pixel of the smaller of
   * the two, since a size is rounded.
   */
  boolean hasRatioOf(int otherColumns, int otherRows) {
    long off = Math.abs((long) columns * otherRows - (long) rows * otherColumns);
    return off <= Math.max(Math.max(columns, rows), Math.max(otherColumns, otherRows));
  }

  /**
   * @param where file and line or annotation
   * @throws IOException unless an image of that size may be this one, resized
   */
  void requireRatioOf(int otherColumns, int otherRows, String where) throws IOException {
    if (!hasRatioOf(otherColumns, otherRows)) {
      throw new IOException(
          "%s: drawn on a picture of %s pixels, and the file has %d x %d: cropped, padded or turned. Give the picture as it was, or resized evenly"
              .formatted(where, this, otherColumns, otherRows));
    }
  }

  @Override
  public String toString() {
    return columns + " x " + rows;
  }
}
