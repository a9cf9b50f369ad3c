package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes RLE Lossless (PS3.5 G): one segment per byte of each sample, most significant byte first.
 */
final class RunLengthDecoder {
  private static final int HEADER = 64;

  private RunLengthDecoder() {}

  static RawFrame decode(PixelFormat format, byte[] encoded) {
    int bytes = format.bytesAllocated();
    int segments = format.samples() * bytes;
    ByteBuffer header = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    if (encoded.length < HEADER || header.getInt(0) != segments) {
      throw new DicomException(
          "RLE data without the " + segments + " segments of its format", Tags.PixelData, null);
    }
    int pixels = format.rows() * format.columns();
    int[] cells = new int[format.sampleCount()];
    byte[] plane = new byte[pixels];
    for (int segment = 0; segment < segments; segment++) {
      int from = header.getInt(4 + 4 * segment);
      int to = segment + 1 < segments ? header.getInt(8 + 4 * segment) : encoded.length;
      unpack(encoded, from, to, plane);
      int sample = segment / bytes;
      for (int i = 0; i < pixels; i++) {
        int at = i * format.samples() + sample;
        cells[at] = cells[at] << 8 | plane[i] & 0xFF;
      }
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = format.value(cells[i]);
    }
    return format.frame(format.photometric(), cells);
  }

  /** Decodes one segment (PS3.5 G.3.2). */
  private static void unpack(byte[] encoded, int from, int to, byte[] plane) {
    if (from < HEADER || to < from || to > encoded.length) {
      throw new DicomException("an RLE segment lies outside the data", Tags.PixelData, null);
    }
    int in = from;
    int out = 0;
    while (out < plane.length) {
      if (in + 1 >= to) {
        throw new DicomException(
            "an RLE segment ends after %d of %d bytes".formatted(out, plane.length),
            Tags.PixelData,
            null);
      }
      int control = encoded[in++];
      if (control >= 0) {
        int n = control + 1;
        if (n > to - in || n > plane.length - out) {
          throw tooLong();
        }
        System.arraycopy(encoded, in, plane, out, n);
        in += n;
        out += n;
      } else if (control != -128) {
        int n = 1 - control;
        if (n > plane.length - out) {
          throw tooLong();
        }
        java.util.Arrays.fill(plane, out, out + n, encoded[in++]);
        out += n;
      }
    }
    for (; in < to; in++) {
      if (encoded[in] != 0 && encoded[in] != -128) { // not padding
        throw tooLong();
      }
    }
  }

  private static DicomException tooLong() {
    return new DicomException(
        "the length of an RLE segment does not match rows and columns", Tags.PixelData, null);
  }
}
