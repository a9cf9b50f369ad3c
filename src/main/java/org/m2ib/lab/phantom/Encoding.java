package org.m2ib.lab.phantom;

/**
 * How a phantom's pixels stand in its DICOM object. Both forms show the same picture.
 *
 * @param inverted MONOCHROME1, the least value white, instead of MONOCHROME2
 * @param windowed values of interest by WindowCenter and WindowWidth instead of a VOI LUT
 */
public record Encoding(boolean inverted, boolean windowed) {

  /** One of the four, by the seed. */
  public static Encoding of(long seed) {
    return new Encoding((seed & 1) != 0, (seed & 2) == 0);
  }

  /** (0028,0004). */
  public String photometricInterpretation() {
    return inverted ? "MONOCHROME1" : "MONOCHROME2";
  }
}
