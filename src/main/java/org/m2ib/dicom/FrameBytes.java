package org.m2ib.dicom;

import java.util.Arrays;

/** The bytes of single frames, as they are stored or uncompressed. */
public final class FrameBytes {
  private FrameBytes() {}

  /**
   * Returns one frame of encapsulated pixel data, in its transfer syntax.
   *
   * @param number counted from 1
   * @throws DicomException if the fragments do not say where it is
   */
  public static byte[] encapsulated(DicomObject object, int number) {
    return EncapsulatedFrames.frame(object, PixelFormat.frames(object), number);
  }

  /** The pixel data that the object has: Pixel Data, Float or Double Float; 0 for none. */
  public static int tag(DicomObject object) {
    for (int tag : new int[] {Tags.PixelData, Tags.FloatPixelData, Tags.DoubleFloatPixelData}) {
      if (object.has(tag) || object.omittedPixels() == tag) {
        return tag;
      }
    }
    return 0;
  }

  /**
   * Returns one frame as it would be in Explicit VR Little Endian, described by the object's own
   * elements. A frame of single bits begins at a byte.
   *
   * @param number counted from 1
   * @throws UnsupportedPixelsException if it cannot be decoded, or decoding changes its photometric
   *     interpretation, so that the elements no longer describe it
   * @throws DicomException if the pixels contradict their description
   */
  public static byte[] uncompressed(DicomObject object, int number) {
    int tag = tag(object);
    if (tag != Tags.PixelData) {
      return slice(object, tag, number, tag == Tags.FloatPixelData ? 32 : 64);
    }
    if (!object.isEncapsulated(tag) && !object.bigEndian()) {
      return slice(object, tag, number, object.requiredInteger(Tags.BitsAllocated));
    }
    RawFrame frame = PixelReader.frame(object, number);
    String photometric = object.string(Tags.PhotometricInterpretation);
    if (!frame.photometricInterpretation().equals(photometric)) {
      throw new UnsupportedPixelsException(
          "decoding makes %s of %s".formatted(frame.photometricInterpretation(), photometric),
          Tags.PhotometricInterpretation);
    }
    return bytes(frame, PixelFormat.of(object), isPlanar(object));
  }

  private static boolean isPlanar(DicomObject object) {
    return object.integer(Tags.PlanarConfiguration, 0) == 1
        && object.integer(Tags.SamplesPerPixel, 1) > 1;
  }

  /** Allocated cells in little-endian order, with the stored bits where the format says. */
  static byte[] bytes(RawFrame frame, PixelFormat format, boolean planar) {
    int size = format.bytesAllocated();
    int[] values = frame.values();
    int samples = frame.samplesPerPixel();
    int pixels = values.length / samples;
    byte[] bytes = new byte[values.length * size];
    for (int i = 0; i < values.length; i++) {
      int at = (planar ? i % samples * pixels + i / samples : i) * size;
      int cell = format.cell(values[i]);
      for (int b = 0; b < size; b++) {
        bytes[at + b] = (byte) (cell >> 8 * b);
      }
    }
    return bytes;
  }

  private static byte[] slice(DicomObject object, int tag, int number, int bitsAllocated) {
    byte[] all = object.littleEndian(tag);
    if (all == null) {
      throw new UnsupportedPixelsException("the object has no pixels", Tags.PixelData);
    }
    long samples =
        (long) object.requiredInteger(Tags.Rows)
            * object.requiredInteger(Tags.Columns)
            * object.integer(Tags.SamplesPerPixel, 1);
    int frames = PixelFormat.frames(object);
    long bits = samples * bitsAllocated;
    boolean subsampled =
        object.string(Tags.PhotometricInterpretation, "").equals("YBR_FULL_422")
            && all.length < bits / 8 * frames;
    bits = subsampled ? bits / 3 * 2 : bits;
    if (number < 1 || number > frames || (bits * frames + 7) / 8 > all.length) {
      throw new DicomException("the pixels end before frame " + number, tag, null);
    }
    long from = bits * (number - 1);
    return bits % 8 == 0
        ? Arrays.copyOfRange(all, (int) (from / 8), (int) ((from + bits) / 8))
        : bits(all, from, (int) bits);
  }

  private static byte[] bits(byte[] all, long from, int count) {
    byte[] bits = new byte[(count + 7) / 8];
    for (int i = 0; i < count; i++) {
      long at = from + i;
      bits[i / 8] |= (byte) ((all[(int) (at / 8)] >> at % 8 & 1) << i % 8);
    }
    return bits;
  }
}
