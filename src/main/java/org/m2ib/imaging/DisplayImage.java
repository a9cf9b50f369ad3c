package org.m2ib.imaging;

/**
 * One frame as displayed: modality LUT, VOI LUT or window, MONOCHROME1 and colour forms are
 * applied, so that 0 is black and 1 is white. Row-major; grey images have one channel, colour
 * images three interleaved ones.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param channels 1 or 3
 * @param values rows * columns * channels values in [0, 1]
 * @param pixelAspect height of a pixel divided by its width, above 0
 */
public record DisplayImage(
    int rows, int columns, int channels, float[] values, double pixelAspect) {
  public DisplayImage {
    if ((channels != 1 && channels != 3) || values.length != rows * columns * channels) {
      throw new IllegalArgumentException(
          values.length + " values are not " + rows + " x " + columns + " x " + channels);
    }
    if (!(pixelAspect > 0)) {
      throw new IllegalArgumentException("a pixel aspect of " + pixelAspect);
    }
  }

  /** With square pixels. */
  public DisplayImage(int rows, int columns, int channels, float[] values) {
    this(rows, columns, channels, values, 1);
  }

  DisplayImage withPixelAspect(double aspect) {
    return new DisplayImage(rows, columns, channels, values, aspect);
  }

  /** Number of rows after its pixels are made square: more if a pixel is taller than wide. */
  public long squareRows() {
    return Math.round(rows * Math.max(1, pixelAspect));
  }

  /** Number of columns after its pixels are made square: more if a pixel is wider than tall. */
  public long squareColumns() {
    return Math.round(columns * Math.max(1, 1 / pixelAspect));
  }
}
