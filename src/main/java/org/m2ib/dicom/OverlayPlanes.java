package org.m2ib.dicom;

import java.util.ArrayList;
import java.util.List;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * Reads and writes the overlay planes of an image, groups 6000 to 601E (PS3.3 C.9.2). Overlays in
 * unused bits of the pixels, which the standard has retired, are ignored: they have no OverlayData.
 */
public final class OverlayPlanes {
  /** PS3.5 7.6 allows 16 even groups from 6000. */
  public static final int MOST = 16;

  private static final int NEXT_GROUP = 0x0002_0000;

  private OverlayPlanes() {}

  /** Returns the overlays of the first frame. */
  public static List<OverlayPlane> read(DicomObject image) {
    return read(image, 1);
  }

  /**
   * Returns the overlays of a frame in the order of their groups, on the image's pixel grid. Parts
   * outside the image are cropped.
   *
   * @param frame frame number, starting at 1
   * @throws DicomException if an overlay contradicts itself
   */
  public static List<OverlayPlane> read(DicomObject image, int frame) {
    List<OverlayPlane> planes = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      int group = i * NEXT_GROUP;
      if (image.has(Tags.OverlayData + group)) {
        int frames = image.integer(Tags.NumberOfFramesInOverlay + group, 1);
        // PS3.3 C.9.2.1.4: an overlay without frames applies to every frame
        int own =
            image.has(Tags.NumberOfFramesInOverlay + group)
                ? frame - image.integer(Tags.ImageFrameOrigin + group, 1)
                : 0;
        if (own >= 0 && own < frames) {
          planes.add(plane(image, group, own));
        }
      }
    }
    return planes;
  }

  /** Returns whether planes are stored in the pixel cells, (60xx,0102) above 0. */
  static boolean areInPixels(DicomObject image) {
    for (int i = 0; i < MOST; i++) {
      if (image.integer(Tags.OverlayBitPosition + i * NEXT_GROUP, 0) > 0) {
        return true;
      }
    }
    return false;
  }

  private static OverlayPlane plane(DicomObject image, int group, int frame) {
    int overlayRows = image.requiredInteger(Tags.OverlayRows + group);
    int overlayColumns = image.requiredInteger(Tags.OverlayColumns + group);
    int[] origin = image.integers(Tags.OverlayOrigin + group);
    int top = origin.length == 2 ? origin[0] - 1 : 0;
    int left = origin.length == 2 ? origin[1] - 1 : 0;
    byte[] bits = image.bytes(Tags.OverlayData + group);
    long first = (long) frame * overlayRows * overlayColumns;
    if (first + (long) overlayRows * overlayColumns > 8L * bits.length) {
      throw new DicomException(
          "an overlay of %d x %d has %d bytes,".formatted(overlayRows, overlayColumns, bits.length),
          Tags.OverlayData + group,
          null);
    }
    // PS3.5 8.1.1: bytes sent as OW in a big-endian object are swapped
    int swap =
        image.bigEndian() && image.attributes().getVR(Tags.OverlayData + group) == VR.OW ? 1 : 0;
    int rows = image.integer(Tags.Rows, overlayRows);
    int columns = image.integer(Tags.Columns, overlayColumns);
    boolean[] mask = new boolean[rows * columns];
    for (int y = Math.max(0, -top); y < overlayRows && y + top < rows; y++) {
      for (int x = Math.max(0, -left); x < overlayColumns && x + left < columns; x++) {
        long bit = first + (long) y * overlayColumns + x;
        mask[(y + top) * columns + x + left] =
            (bits[(int) (bit / 8) ^ swap] >> bit % 8 & 1)
                != 0; // PS3.5 8.1.2: least significant bit first
      }
    }
    return new OverlayPlane(
        image.string(Tags.OverlayLabel + group, ""),
        image.string(Tags.OverlayDescription + group, ""),
        rows,
        columns,
        mask);
  }

  /**
   * Replaces the overlays of an image with these, as regions of interest.
   *
   * @param image object with Rows and Columns
   * @throws IllegalArgumentException if there are more than {@value #MOST}, or one has another size
   */
  public static void write(DicomObject image, List<OverlayPlane> planes) {
    if (planes.size() > MOST) {
      throw new IllegalArgumentException(planes.size() + " overlays: at most " + MOST);
    }
    for (int tag : image.tags()) {
      if ((tag >>> 16 & 0xFFE1) == 0x6000) {
        image.remove(tag);
      }
    }
    for (int i = 0; i < planes.size(); i++) {
      write(image, i * NEXT_GROUP, planes.get(i));
    }
  }

  private static void write(DicomObject image, int group, OverlayPlane plane) {
    if (plane.rows() != image.requiredInteger(Tags.Rows)
        || plane.columns() != image.requiredInteger(Tags.Columns)) {
      throw new IllegalArgumentException(
          "an overlay of " + plane.rows() + " x " + plane.columns() + " is not the image's size");
    }
    int pixels = plane.mask().length;
    byte[] bits = new byte[(pixels + 15) / 16 * 2]; // PS3.5 8.1.2: even length
    for (int i = 0; i < pixels; i++) {
      if (plane.mask()[i]) {
        bits[i / 8] |= (byte) (1 << i % 8);
      }
    }
    image
        .set(Tags.OverlayRows + group, plane.rows())
        .set(Tags.OverlayColumns + group, plane.columns())
        .set(Tags.OverlayType + group, "R")
        .set(Tags.OverlayOrigin + group, 1, 1)
        .set(Tags.OverlayBitsAllocated + group, 1)
        .set(Tags.OverlayBitPosition + group, 0);
    if (!plane.description().isEmpty()) {
      image.set(Tags.OverlayDescription + group, plane.description());
    }
    if (!plane.label().isEmpty()) {
      image.set(Tags.OverlayLabel + group, plane.label());
    }
    image.attributes().setBytes(Tags.OverlayData + group, VR.OB, bits);
  }
}
