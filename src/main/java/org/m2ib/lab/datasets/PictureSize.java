package org.m2ib.lab.datasets;

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

  @Override
  public String toString() {
    return columns + " x " + rows;
  }
}
