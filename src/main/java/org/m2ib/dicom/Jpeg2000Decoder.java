package org.m2ib.dicom;

import java.io.IOException;

/** JPEG 2000 (PS3.5 A.4.4) by jai-imageio. */
final class Jpeg2000Decoder {
  private static final String READER = "com.github.jaiimageio.jpeg2000.impl.J2KImageReader";

  private Jpeg2000Decoder() {}

  static RawFrame decode(PixelFormat format, byte[] stream, boolean lossy) throws IOException {
    byte[] complete = Jpeg2000Codestream.complete(stream);
    int[] values = format.fitted(samples(format, complete), lossy);
    // The decoder undoes the colour transformation, PS3.5 8.2.4
    String photometric = format.photometric().startsWith("YBR_") ? "RGB" : format.photometric();
    return format.frame(format.photometric().equals("YBR_FULL") ? "YBR_FULL" : photometric, values);
  }

  private static int[] samples(PixelFormat format, byte[] complete) throws IOException {
    try {
      return Rasters.samples(format, Rasters.raw(READER, "jpeg 2000", format, complete));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error e) { // it throws java.lang.Error at damaged streams
      throw new IOException(e);
    }
  }
}
