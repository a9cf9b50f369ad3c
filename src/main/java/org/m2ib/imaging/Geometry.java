package org.m2ib.imaging;

/**
 * How the model's input square was cut from the source image, and the inverse. Pixel coordinates
 * are continuous; (0, 0) is the outer corner of the first pixel and (columns, rows) that of the
 * last.
 *
 * <p>Forward: the source (columns x rows) is resized to (resizedColumns x resizedRows), then a
 * window of inputColumns x inputRows is cut at (offsetX, offsetY); offsets are negative if the
 * window is padded. They are whole numbers, unless the image was padded before it was resized: the
 * source is the image without padding. Rows and columns have separate scales, since source pixels
 * need not be square.
 *
 * @param sourceRows (0028,0010)
 * @param sourceColumns (0028,0011)
 * @param resizedRows rows after resize
 * @param resizedColumns columns after resize
 * @param offsetY first row of the crop in the resized image
 * @param offsetX first column of the crop in the resized image
 * @param inputRows rows of the model's input
 * @param inputColumns columns of the model's input
 */
public record Geometry(
    int sourceRows,
    int sourceColumns,
    double resizedRows,
    double resizedColumns,
    double offsetY,
    double offsetX,
    int inputRows,
    int inputColumns) {

  /** Source column coordinate of a model input column coordinate. */
  public double sourceX(double inputX) {
    return (inputX + offsetX) * sourceColumns / resizedColumns;
  }

  /** Source row coordinate of a model input row coordinate. */
  public double sourceY(double inputY) {
    return (inputY + offsetY) * sourceRows / resizedRows;
  }

  /**
   * Model input column coordinate of a source column coordinate; outside [0, inputColumns] if it
   * was cropped away.
   */
  public double inputX(double sourceX) {
    return sourceX * resizedColumns / sourceColumns - offsetX;
  }

  /** Model input row coordinate of a source row coordinate. */
  public double inputY(double sourceY) {
    return sourceY * resizedRows / sourceRows - offsetY;
  }
}
