package org.m2ib.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes High-Throughput JPEG 2000 (ISO/IEC 15444-15) with OpenJPH. */
final class HighThroughputDecoder {
  private static final Pattern HEAD = Pattern.compile("P([56])\\s(\\d+) (\\d+)\\s(\\d+)\\s");
  private static final int LONGEST_HEAD = 40;
  private static final int MOST_BITS = 16;

  private HighThroughputDecoder() {}

  /** Returns samples, interleaved. */
  static int[] samples(PixelFormat format, byte[] stream) throws IOException {
    Jpeg2000Codestream.Whole whole = Jpeg2000Codestream.whole(stream);
    Rasters.checkSize(format, whole.rows(), whole.columns(), whole.components());
    if (whole.precision() > MOST_BITS) {
      throw new UnsupportedPixelsException(
          "High-Throughput JPEG 2000 with more than 16 bits is not supported");
    }
    long bytes = (long) format.sampleCount() * (whole.precision() <= 8 ? 1 : 2);
    String name = whole.components() == 1 ? "out.pgm" : "out.ppm";
    byte[] picture =
        DecoderPrograms.run(
            DecoderProgram.OJPH_EXPAND,
            List.of("-i", "in.j2c", "-o", name),
            "in.j2c",
            whole.unsigned(),
            name,
            bytes + (1 << 12));
    return samples(whole, picture);
  }

  /** Reads a binary PGM or PPM file, whose samples of more than 8 bits are big endian. */
  private static int[] samples(Jpeg2000Codestream.Whole whole, byte[] picture) {
    int length = Math.min(LONGEST_HEAD, picture.length);
    Matcher head = HEAD.matcher(new String(picture, 0, length, StandardCharsets.ISO_8859_1));
    int size = whole.precision() <= 8 ? 1 : 2;
    int count = whole.rows() * whole.columns() * whole.components();
    boolean asked =
        head.lookingAt()
            && head.group(1).equals(whole.components() == 1 ? "5" : "6")
            && head.group(2).equals(String.valueOf(whole.columns()))
            && head.group(3).equals(String.valueOf(whole.rows()))
            && head.group(4).equals(String.valueOf((1 << whole.precision()) - 1))
            && picture.length == head.end() + (long) count * size;
    if (!asked) {
      throw DecoderPrograms.failed(
          DecoderProgram.OJPH_EXPAND, "made an image of another size or depth");
    }
    int zero = whole.signed() ? 1 << whole.precision() - 1 : 0;
    int[] samples = new int[count];
    for (int i = 0, at = head.end(); i < count; i++, at += size) {
      int high = picture[at] & 0xFF;
      samples[i] = (size == 1 ? high : high << 8 | picture[at + 1] & 0xFF) - zero;
    }
    return samples;
  }
}
