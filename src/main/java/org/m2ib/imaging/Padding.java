package org.m2ib.imaging;

import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Stored values that pad an image to a rectangle and are not displayed (PS3.3 C.7.5.1.1.2).
 *
 * @param low lowest such value
 * @param high highest; below low if there is no padding
 */
record Padding(int low, int high) {
  static final Padding NONE = new Padding(1, 0);

  static Padding of(DicomObject header, int bitsAllocated, boolean signed) {
    int[] value = header.integers(Tags.PixelPaddingValue);
    if (value.length == 0) {
      return NONE;
    }
    int[] limit = header.integers(Tags.PixelPaddingRangeLimit);
    int a = stored(value[0], bitsAllocated, signed);
    int b = limit.length == 0 ? a : stored(limit[0], bitsAllocated, signed);
    return new Padding(Math.min(a, b), Math.max(a, b));
  }

  /** Its VR is US or SS, and senders often use the wrong one. */
  private static int stored(int value, int bitsAllocated, boolean signed) {
    if (bitsAllocated > 16) {
      return value;
    }
    return signed ? (short) value : value & 0xFFFF;
  }

  boolean isNone() {
    return low > high;
  }

  boolean contains(int stored) {
    return stored >= low && stored <= high;
  }
}
