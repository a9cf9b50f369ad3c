package org.m2ib.dicom;

import java.io.IOException;

/** JPEG baseline by the JDK's decoder, JPEG lossless by TwelveMonkeys'. */
final class JpegDecoder {
  private static final String JDK = "com.sun.imageio.plugins.jpeg.JPEGImageReader";
  private static final String TWELVE_MONKEYS =
      "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReader";

  private JpegDecoder() {}

  static RawFrame lossy(PixelFormat format, byte[] jpeg) throws IOException {
    JpegHeader header = JpegHeader.parse(jpeg);
    if (header.precision() != 8) {
      throw new UnsupportedPixelsException(
          "lossy JPEG with %d bits (%s) is not read, only 8"
              .formatted(header.precision(), TransferSyntaxes.name(Uids.JPEG_EXTENDED)));
    }
    int[] values = Rasters.values(format, Rasters.raw(JDK, "jpeg", format, jpeg));
    return format.frame(photometric(format, header), values);
  }

  static RawFrame lossless(PixelFormat format, byte[] jpeg) throws IOException {
    JpegHeader header = JpegHeader.parse(jpeg);
    int[] values = Rasters.values(format, Rasters.raw(TWELVE_MONKEYS, "jpeg", format, jpeg));
    return format.frame(photometric(format, header), values);
  }

  /**
   * The colour space of the samples as decoded. The data set's word counts (PS3.5 8.2.1), unless
   * the stream itself says otherwise: headers that were copied from an uncompressed image are the
   * more frequent mistake.
   */
  private static String photometric(PixelFormat format, JpegHeader header) {
    if (format.samples() == 1) {
      return format.photometric();
    }
    if (header.rgb() != null) {
      return header.rgb() ? "RGB" : "YBR_FULL";
    }
    return format.photometric().equals("RGB") ? "RGB" : "YBR_FULL";
  }
}
