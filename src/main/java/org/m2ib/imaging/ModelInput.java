package org.m2ib.imaging;

/**
 * Input of an image encoder: normalised pixels, channels first, and the geometry that maps a model
 * pixel to its source pixel.
 *
 * @param pixels 3 * inputRows * inputColumns values, channel-major
 * @param geometry the inverse mapping
 * @param constant whether the image, or the part given to the model, is uniform or nearly so: its
 *     map would be meaningless but look like any other
 */
public record ModelInput(float[] pixels, Geometry geometry, boolean constant) {
  /** Constant if its pixels are. */
  public ModelInput(float[] pixels, Geometry geometry) {
    this(pixels, geometry, constant(pixels));
  }

  public ModelInput {
    if (pixels.length != 3 * geometry.inputRows() * geometry.inputColumns()) {
      throw new IllegalArgumentException(
          pixels.length
              + " values are not 3 x "
              + geometry.inputRows()
              + " x "
              + geometry.inputColumns());
    }
  }

  private static boolean constant(float[] pixels) {
    int plane = pixels.length / 3;
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] != pixels[i / plane * plane]) {
        return false;
      }
    }
    return true;
  }
}
