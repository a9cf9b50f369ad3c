package org.m2ib.dicom;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.aoju.bus.image.galaxy.data.VR;
import org.m2ib.base.Counted;

/** Reads uncompressed pixels (PS3.5 8.1). */
final class NativePixels {
  private NativePixels() {}

  static RawFrame frame(DicomObject object, PixelFormat format, int number) {
    // PS3.5 8.1.1: bytes sent as big-endian words are swapped
    boolean swapped =
        object.bigEndian()
            && format.bitsAllocated() == 8
            && object.attributes().getVR(Tags.PixelData) == VR.OW;
    byte[] bytes = object.bytes(Tags.PixelData);
    return frame(bytes, format, number, object.bigEndian(), swapped);
  }

  /** As {@link #frame}, for one frame in a fragment of its own (PS3.5 A.4.11, A.4.13). */
  static RawFrame encapsulated(PixelFormat format, byte[] bytes) {
    return frame(bytes, format.ofOneFrame(), 1, false, false);
  }

  /**
   * Inflates a frame (RFC 1951), to no more than it can be.
   *
   * @throws DicomException if the stream is damaged, truncated or longer
   */
  static RawFrame inflated(PixelFormat format, byte[] deflated) throws IOException {
    int most = format.sampleCount() * format.bytesAllocated() + 1; // padding to an even length
    Inflater raw = new Inflater(true);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(deflated), raw)) {
      byte[] frame = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new DicomException("a deflated frame is longer than its size", Tags.PixelData, null);
      }
      return encapsulated(format, frame);
    } finally {
      raw.end();
    }
  }

  private static RawFrame frame(
      byte[] bytes, PixelFormat format, int number, boolean bigEndian, boolean swapped) {
    // some objects say 4:2:2 but have every sample
    boolean subsampled =
        format.photometric().equals("YBR_FULL_422") && bytes.length < whole(format);
    if (subsampled && (format.bitsAllocated() != 8 || format.columns() % 2 != 0)) {
      throw new UnsupportedPixelsException(
          "YBR_FULL_422 is read with 8 bits and an even number of columns only",
          Tags.PhotometricInterpretation);
    }
    if (subsampled && format.planar()) { // PS3.3 C.7.6.3.1.3
      throw new DicomException(
          "YBR_FULL_422 has no colour planes of its own", Tags.PlanarConfiguration, null);
    }
    // PS3.3 C.7.6.3.1.2: two luminance samples share their chrominance
    long length =
        (subsampled ? 2L * format.rows() * format.columns() : format.sampleCount())
            * format.bytesAllocated();
    long start = length * (number - 1);
    long excess = bytes.length - length * format.frames();
    if (excess < 0 || !isPadding(bytes, excess, length)) {
      throw new DicomException(
          "the pixels of %s of %d x %d x %d at %d bits need %d bytes but have %d,"
              .formatted(
                  Counted.of(format.frames(), "frame"),
                  format.rows(),
                  format.columns(),
                  format.samples(),
                  format.bitsAllocated(),
                  length * format.frames(),
                  bytes.length),
          Tags.PixelData,
          null);
    }
    Cells cells = new Cells(bytes, (int) start, format, bigEndian, swapped);
    return subsampled
        ? format.frame("YBR_FULL", spread(format, cells))
        : format.frame(photometric(format), interleaved(format, cells));
  }

  private static long whole(PixelFormat format) {
    return (long) format.sampleCount() * format.bytesAllocated() * format.frames();
  }

  private static String photometric(PixelFormat format) {
    return format.photometric().equals("YBR_FULL_422") ? "YBR_FULL" : format.photometric();
  }

  /**
   * Returns whether excess bytes are padding: one byte to an even length (PS3.5 8.1.1), or zeros,
   * which some writers add. Anything else suggests that size, bit depth or number of frames is
   * wrong.
   */
  private static boolean isPadding(byte[] bytes, long excess, long frame) {
    if (excess > 1 && excess >= frame) {
      return false;
    }
    for (long at = bytes.length - excess; excess > 1 && at < bytes.length; at++) {
      if (bytes[(int) at] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int[] interleaved(PixelFormat format, Cells cells) {
    int pixels = format.rows() * format.columns();
    int samples = format.samples();
    int[] values = new int[pixels * samples];
    for (int i = 0; i < pixels; i++) {
      for (int s = 0; s < samples; s++) {
        values[i * samples + s] = cells.value(format.planar() ? s * pixels + i : i * samples + s);
      }
    }
    return values;
  }

  /** Expands Y1 Y2 Cb Cr to Y1 Cb Cr Y2 Cb Cr. */
  private static int[] spread(PixelFormat format, Cells cells) {
    int[] values = new int[format.sampleCount()];
    for (int pair = 0; pair < values.length / 6; pair++) {
      int at = pair * 6;
      values[at] = cells.value(pair * 4);
      values[at + 3] = cells.value(pair * 4 + 1);
      values[at + 1] = values[at + 4] = cells.value(pair * 4 + 2);
      values[at + 2] = values[at + 5] = cells.value(pair * 4 + 3);
    }
    return values;
  }

  private record Cells(
      byte[] bytes, int start, PixelFormat format, boolean bigEndian, boolean swapped) {
    int value(int index) {
      int size = format.bytesAllocated();
      int at = start + index * size;
      if (size == 1) {
        return format.value(bytes[swapped ? at ^ 1 : at] & 0xFF);
      }
      int cell = 0;
      for (int i = 0; i < size; i++) {
        cell = cell << 8 | bytes[bigEndian ? at + i : at + size - 1 - i] & 0xFF;
      }
      return format.value(cell);
    }
  }
}
