package org.m2ib.dicom;

/**
 * One decoded frame without any grey scale or colour transformation. Bits above the stored ones are
 * cleared and the sign is extended.
 *
 * @param rows Rows (0028,0010)
 * @param columns Columns (0028,0011)
 * @param samplesPerPixel 1 or 3
 * @param photometricInterpretation interpretation of these values: RGB if the decoder converted the
 *     colours, YBR_FULL if subsampled chrominance was expanded
 * @param bitsStored Bits Stored (0028,0101)
 * @param signed Pixel Representation (0028,0103)
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
