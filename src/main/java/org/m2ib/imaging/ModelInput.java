package org.m2ib.imaging;

/**
 * What an image encoder takes: normalised pixels, channels first, and the geometry by which a model
 * pixel finds its source pixel.
 *
 * @param pixels 3 * inputRows * inputColumns values, channel-major
 * @param geometry the way back
 */
public record ModelInput(float[] pixels, Geometry geometry) {
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
}
