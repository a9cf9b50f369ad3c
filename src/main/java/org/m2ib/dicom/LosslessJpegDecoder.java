package org.m2ib.dicom;

/**
 * Decodes Huffman-coded lossless JPEG (ITU-T T.81 Annex H): all predictors, point transforms and
 * restart intervals, 2 to 16 bits. The only Java library for it ignores the point transform, and
 * silently returns wrong samples for some predictors and for several components.
 */
final class LosslessJpegDecoder {
  private final JpegScan scan;
  private final int rows;
  private final int columns;
  private final int components;
  private final int initial;
  private final int predictor;
  private final int pointTransform;

  private LosslessJpegDecoder(JpegScan scan, JpegHeader header) {
    this.scan = scan;
    rows = header.rows();
    columns = header.columns();
    components = header.components();
    predictor = scan.start();
    pointTransform = scan.low();
    if (predictor < 1 || predictor > 7 || pointTransform >= header.precision()) {
      throw JpegStream.damaged(
          "has predictor %d and point transform %d", predictor, pointTransform);
    }
    initial = 1 << header.precision() - pointTransform - 1;
  }

  /**
   * @return unsigned samples, interleaved
   */
  static int[] decode(byte[] jpeg, JpegHeader header) {
    int[] values = new int[header.rows() * header.columns() * header.components()];
    JpegScan scan = JpegScan.first(jpeg);
    int done = 0;
    while (true) {
      new LosslessJpegDecoder(scan, header).decode(values);
      done += scan.components().length;
      if (done >= header.components()) {
        return values;
      }
      scan.next();
    }
  }

  private void decode(int[] values) {
    int firstLine = 0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        if (scan.restarts(y * columns + x)) {
          if (x != 0) {
            throw new UnsupportedPixelsException(
                "lossless JPEG whose restart interval is not a whole number of lines is not supported");
          }
          firstLine = y;
        }
        for (int c = 0; c < scan.components().length; c++) {
          int at = (y * columns + x) * components + scan.components()[c];
          int difference = scan.difference(c);
          values[at] = prediction(values, at, x, y - firstLine) + difference & 0xFFFF;
        }
      }
    }
    for (int c : scan.components()) {
      for (int at = c; at < values.length; at += components) {
        values[at] = values[at] << pointTransform & 0xFFFF;
      }
    }
    scan.end();
  }

  /** Computes the prediction of H.1.2.1. */
  private int prediction(int[] values, int at, int x, int line) {
    if (line == 0) {
      return x == 0 ? initial : values[at - components];
    }
    int above = values[at - columns * components];
    if (x == 0) {
      return above;
    }
    int left = values[at - components];
    int aboveLeft = values[at - (columns + 1) * components];
    return switch (predictor) {
      case 1 -> left;
      case 2 -> above;
      case 3 -> aboveLeft;
      case 4 -> left + above - aboveLeft;
      case 5 -> left + (above - aboveLeft >> 1);
      case 6 -> above + (left - aboveLeft >> 1);
      default -> left + above >> 1;
    };
  }
}
