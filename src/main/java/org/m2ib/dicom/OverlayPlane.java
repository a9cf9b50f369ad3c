package org.m2ib.dicom;

/**
 * A bitmap overlay that marks pixels of an image (PS3.3 C.9.2).
 *
 * @param label Overlay Label (60xx,1500); {@code ""} if absent
 * @param description Overlay Description (60xx,0022); {@code ""} if absent
 * @param rows rows of the image
 * @param columns columns of the image
 * @param mask the marked pixels, row-major, rows x columns
 */
public record OverlayPlane(
    String label, String description, int rows, int columns, boolean[] mask) {

  /**
   * @throws IllegalArgumentException if a text exceeds the 64 characters of VR LO (PS3.5 6.2) or
   *     the mask has the wrong size
   */
  public OverlayPlane {
    if (label.length() > 64 || description.length() > 64) {
      throw new IllegalArgumentException(
          "an overlay's label or description must have at most 64 characters");
    }
    if (rows < 1 || columns < 1 || mask.length != rows * columns) {
      throw new IllegalArgumentException(
          mask.length + " mask pixels are not " + rows + " x " + columns);
    }
  }
}
