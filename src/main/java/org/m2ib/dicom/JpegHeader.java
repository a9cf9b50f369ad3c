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
  static final int LS = 0x37;

  static JpegHeader parse(byte[] jpeg) {
    JpegStream in = new JpegStream(jpeg, 2);
    Boolean rgb = null;
    while (in.marker() && in.segment()) {
      int body = in.body;
      if (in.marker == 0xE0 && in.length() >= 5 && text(jpeg, body, "JFIF")) {
        rgb = Boolean.FALSE;
      } else if (in.marker == 0xEE && in.length() >= 12 && text(jpeg, body, "Adobe")) {
        rgb = jpeg[body + 11] == 0;
      } else if (in.isStartOfFrame() && in.length() >= 6) {
        int components = in.unsigned(body + 5);
        if (components == 3 && in.length() >= 15 && ids(in).equals("RGB")) {
          rgb = Boolean.TRUE;
        }
        return new JpegHeader(
            in.marker - 0xC0,
            in.unsigned(body),
            in.word(body + 1),
            in.word(body + 3),
            components,
            in.end,
            rgb);
      }
    }
    throw new DicomException("a JPEG stream without a start of frame", Tags.PixelData, null);
  }

  private static String ids(JpegStream in) {
    return ""
        + (char) in.unsigned(in.body + 6)
        + (char) in.unsigned(in.body + 9)
        + (char) in.unsigned(in.body + 12);
  }

  private static boolean text(byte[] jpeg, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (jpeg[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
