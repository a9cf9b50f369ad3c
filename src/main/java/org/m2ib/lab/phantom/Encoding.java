package org.m2ib.lab.phantom;

/**
 * Encoding of a phantom's pixels in its DICOM object; all show the same picture.
 *
 * @param inverted MONOCHROME1, the lowest value white, instead of MONOCHROME2
 * @param windowed VOI by WindowCenter and WindowWidth instead of a VOI LUT
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
