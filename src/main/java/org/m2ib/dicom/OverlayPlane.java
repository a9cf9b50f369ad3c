package org.m2ib.dicom;

/**
 * The pixels of an image marked by an overlay (PS3.3 C.9.2).
 *
 * @param label (60xx,1500), a name for a person; {@code ""} if it has none
 * @param description (60xx,0022); {@code ""} if it has none
 * @param rows of the image
 * @param columns of the image
 * @param mask row-major, rows x columns: the marked pixels
 */
public record OverlayPlane(
    String label, String description, int rows, int columns, boolean[] mask) {

  /**
   * @throws IllegalArgumentException if a text exceeds the 64 characters of an LO (PS3.5 6.2) or
   *     the mask has another size
   */
  public OverlayPlane {
    if (label.length() > 64 || description.length() > 64) {
      throw new IllegalArgumentException(
          "an overlay's label or description: at most 64 characters");
    }
    if (rows < 1 || columns < 1 || mask.length != rows * columns) {
      throw new IllegalArgumentException(
          mask.length + " mask pixels are not " + rows + " x " + columns);
    }
  }
}
