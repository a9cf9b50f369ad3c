package org.m2ib.dicom;

/**
 * The frame header of a JPEG stream (ISO/IEC 10918-1 B.2).
 *
 * @param process the number n of the SOFn marker
 * @param precision bits per sample
 * @param end offset of the end of the start of frame
 * @param rgb whether the stream says that its colours are RGB (TRUE) or YCbCr (FALSE); null if it
 *     does not say
 */
record JpegHeader(
    int process, int precision, int rows, int columns, int components, int end, Boolean rgb) {
  static final int PROGRESSIVE = 2;

  static JpegHeader parse(byte[] jpeg) {
    Boolean rgb = null;
    int at = 2;
    while (at + 4 <= jpeg.length) {
      int marker = unsigned(jpeg, at + 1);
      if (unsigned(jpeg, at) != 0xFF) {
        break;
      }
      if (marker == 0xFF) { // fill byte
        at++;
        continue;
      }
      int length = word(jpeg, at + 2);
      int body = at + 4;
      if (length < 2 || body + length - 2 > jpeg.length) {
        break;
      }
      if (marker == 0xE0 && length >= 7 && text(jpeg, body, "JFIF")) {
        rgb = Boolean.FALSE;
      } else if (marker == 0xEE && length >= 14 && text(jpeg, body, "Adobe")) {
        rgb = jpeg[body + 11] == 0;
      } else if (isStartOfFrame(marker) && length >= 8) {
        int components = unsigned(jpeg, body + 5);
        if (components == 3 && length >= 17 && ids(jpeg, body).equals("RGB")) {
          rgb = Boolean.TRUE;
        }
        return new JpegHeader(
            marker - 0xC0,
            unsigned(jpeg, body),
            word(jpeg, body + 1),
            word(jpeg, body + 3),
            components,
            at + 2 + length,
            rgb);
      }
      at += 2 + length;
    }
    throw new DicomException("a JPEG stream without a start of frame", Tags.PixelData, null);
  }

  static boolean isStartOfFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static String ids(byte[] jpeg, int body) {
    return ""
        + (char) unsigned(jpeg, body + 6)
        + (char) unsigned(jpeg, body + 9)
        + (char) unsigned(jpeg, body + 12);
  }

  private static boolean text(byte[] jpeg, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (jpeg[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int unsigned(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  private static int word(byte[] bytes, int at) {
    return unsigned(bytes, at) << 8 | unsigned(bytes, at + 1);
  }
}
