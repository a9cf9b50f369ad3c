package org.m2ib.dicom;

import java.io.IOException;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.MsgLogger;

/** Decodes JPEG 2000 (PS3.5 A.4.4) with jai-imageio, and its high-throughput variant (A.4.4.1). */
final class Jpeg2000Decoder {
  private static final String READER = "com.github.jaiimageio.jpeg2000.impl.J2KImageReader";

  private Jpeg2000Decoder() {}

  static RawFrame decode(PixelFormat format, byte[] stream, boolean lossy) throws IOException {
    int[] samples =
        Jpeg2000Codestream.isHighThroughput(stream)
            ? HighThroughputDecoder.samples(format, stream)
            : samples(format, Jpeg2000Codestream.complete(stream));
    int[] values = format.fitted(samples, Jpeg2000Codestream.precision(stream), lossy);
    // the decoder undoes the colour transformation, PS3.5 8.2.4
    String photometric =
        switch (format.photometric()) {
          case "YBR_RCT", "YBR_ICT" -> "RGB";
          case "YBR_FULL_422" -> "YBR_FULL"; // components are not subsampled
          default -> format.photometric();
        };
    return format.frame(photometric, values);
  }

  private static int[] samples(PixelFormat format, byte[] complete) throws IOException {
    FirstWarning warning = new FirstWarning();
    FacilityManager.registerMsgLogger(Thread.currentThread(), warning);
    try {
      int[] samples = Rasters.samples(format, Rasters.raw(READER, "jpeg 2000", format, complete));
      Rasters.checkWarning(warning.text);
      return samples;
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error e) { // the decoder throws java.lang.Error on damaged streams
      throw new IOException(e);
    } finally {
      FacilityManager.unregisterMsgLogger(Thread.currentThread());
    }
  }

  /**
   * Keeps the decoder's first warning about a concealed error, which it does not pass on to ImageIO
   * listeners.
   */
  private static final class FirstWarning implements MsgLogger {
    private String text;

    @Override
    public void printmsg(int severity, String message) {
      if (severity >= WARNING && text == null) {
        text = message;
      }
    }

    @Override
    public void println(String line, int indent, int hanging) {}

    @Override
    public void flush() {}
  }
}
