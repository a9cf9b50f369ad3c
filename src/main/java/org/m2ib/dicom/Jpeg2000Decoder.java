package org.m2ib.dicom;

import java.io.IOException;

/** JPEG 2000 (PS3.5 A.4.4) by jai-imageio. */
final class Jpeg2000Decoder {
  private static final String READER = "com.github.jaiimageio.jpeg2000.impl.J2KImageReader";

  private Jpeg2000Decoder() {}

  static RawFrame decode(PixelFormat format, byte[] stream) throws IOException {
    int[] values = Rasters.values(format, Rasters.raw(READER, "jpeg 2000", format, stream));
    // The decoder undoes the colour transformation, PS3.5 8.2.4
    String photometric = format.photometric().startsWith("YBR_") ? "RGB" : format.photometric();
    return format.frame(format.photometric().equals("YBR_FULL") ? "YBR_FULL" : photometric, values);
  }
}
