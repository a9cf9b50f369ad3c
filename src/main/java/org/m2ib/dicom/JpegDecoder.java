package org.m2ib.dicom;

import java.io.IOException;

/**
 * Decodes JPEG (ITU-T T.81) and JPEG-LS (T.87) according to the process that the stream itself
 * names: 8-bit lossy with the JDK's decoder, lossless with {@link LosslessJpegDecoder}, 12-bit
 * lossy and JPEG-LS with {@link ProgramDecoder}.
 */
final class JpegDecoder {
  private static final String JDK = "com.sun.imageio.plugins.jpeg.JPEGImageReader";
  private static final int EXTENDED = 1;
  private static final int LOSSLESS = 3;

  private JpegDecoder() {}

  static RawFrame decode(PixelFormat format, byte[] jpeg) throws IOException {
    JpegHeader header = JpegHeader.parse(jpeg);
    Rasters.checkSize(format, header.rows(), header.columns(), header.components());
    return format.frame(photometric(format, header), samples(format, header, jpeg));
  }

  private static int[] samples(PixelFormat format, JpegHeader header, byte[] jpeg)
      throws IOException {
    int process = header.process();
    if (process == LOSSLESS) {
      JpegCompleteness.check(jpeg, header);
      return format.fitted(LosslessJpegDecoder.decode(jpeg, header), header.precision(), false);
    }
    if (process <= JpegHeader.PROGRESSIVE && header.precision() == 8) {
      JpegCompleteness.check(jpeg, header);
      return format.fitted(
          Rasters.samples(format, Rasters.raw(JDK, "jpeg", format, jpeg)),
          header.precision(),
          true);
    }
    if (process == JpegHeader.LS) {
      JpegCompleteness.check(jpeg, header);
      return format.fitted(ProgramDecoder.jpegLs(header, jpeg), header.precision(), false);
    }
    if ((process == EXTENDED || process == JpegHeader.PROGRESSIVE) && header.precision() == 12) {
      JpegCompleteness.check(jpeg, header);
      return format.fitted(ProgramDecoder.jpeg(header, jpeg), header.precision(), true);
    }
    throw new UnsupportedPixelsException(
        "JPEG of process SOF%d with %d bits is not supported"
            .formatted(process, header.precision()));
  }

  /**
   * Returns the colour space of the decoded samples. The data set's value counts (PS3.5 8.2.1)
   * unless the stream says otherwise, because headers copied from an uncompressed image are the
   * more common mistake.
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
