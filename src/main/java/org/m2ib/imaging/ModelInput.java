package org.m2ib.imaging;

/**
 * What an image encoder takes: normalised pixels, channels first, and the geometry by which a model
 * pixel finds its source pixel.
 *
 * @param pixels 3 * inputRows * inputColumns values, channel-major
 * @param geometry the way back
 * @param constant whether the image, or what the model is given of it, is the same all over or
 *     nearly so: a map of it would say nothing and look like one
 */
public record ModelInput(float[] pixels, Geometry geometry, boolean constant) {
  /** Constant where its pixels are. */
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
