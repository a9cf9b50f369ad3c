package org.m2ib.imaging;

/**
 * One frame as a person would see it: modality LUT, VOI LUT or window, MONOCHROME1 and colour forms
 * are resolved, so that 0 is black and 1 is white. Row-major; grey images have one channel, colour
 * ones three interleaved.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param channels 1 or 3
 * @param values rows * columns * channels values in [0, 1]
 */
public record DisplayImage(int rows, int columns, int channels, float[] values) {
  public DisplayImage {
    if ((channels != 1 && channels != 3) || values.length != rows * columns * channels) {
      throw new IllegalArgumentException(
          values.length + " values are not " + rows + " x " + columns + " x " + channels);
    }
  }
}
