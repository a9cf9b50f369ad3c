package org.m2ib.dicom;

/**
 * One frame as stored, before any grey scale or colour transformation. Bits above the stored ones
 * are cleared, the sign is extended.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param samplesPerPixel 1 or 3
 * @param photometricInterpretation of these values: RGB if the decoder converted the colour space;
 *     subsampled YBR is expanded and called YBR_FULL
 * @param bitsStored (0028,0101)
 * @param signed (0028,0103)
 * @param values rows * columns * samplesPerPixel values, row-major, samples interleaved
 */
public record RawFrame(
    int rows,
    int columns,
    int samplesPerPixel,
    String photometricInterpretation,
    int bitsStored,
    boolean signed,
    int[] values) {
  public RawFrame {
    if (values.length != rows * columns * samplesPerPixel) {
      throw new IllegalArgumentException(
          values.length + " values are not " + rows + " x " + columns + " x " + samplesPerPixel);
    }
  }
}
