package org.m2ib.dicom;

import java.util.Locale;
import java.util.Set;

/**
 * The validated Image Pixel module (PS3.3 C.7.6.3).
 *
 * @param frames Number of Frames (0028,0008), 1 if absent
 * @param overlaid whether overlay planes are stored in bits above the stored ones
 */
record PixelFormat(
    int rows,
    int columns,
    int samples,
    String photometric,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean signed,
    boolean planar,
    int frames,
    boolean overlaid) {
  /** About four times the size of the largest radiographs. */
  private static final long MAX_SAMPLES = 128L << 20;

  private static final Set<String> PHOTOMETRIC =
      Set.of(
          "MONOCHROME1",
          "MONOCHROME2",
          "PALETTE COLOR",
          "RGB",
          "YBR_FULL",
          "YBR_FULL_422",
          "YBR_ICT",
          "YBR_RCT");

  static PixelFormat of(DicomObject object) {
    int samples = object.integer(Tags.SamplesPerPixel, 1);
    int bitsAllocated = object.requiredInteger(Tags.BitsAllocated);
    int bitsStored = object.integer(Tags.BitsStored, bitsAllocated);
    PixelFormat format =
        new PixelFormat(
            positive(object, Tags.Rows),
            positive(object, Tags.Columns),
            samples,
            object.requiredString(Tags.PhotometricInterpretation).toUpperCase(Locale.ROOT),
            bitsAllocated,
            bitsStored,
            highBit(object, bitsAllocated, bitsStored),
            object.integer(Tags.PixelRepresentation, 0) == 1,
            samples > 1 && object.integer(Tags.PlanarConfiguration, 0) == 1,
            frames(object),
            OverlayPlanes.areInPixels(object));
    format.check();
    return format;
  }

  static int frames(DicomObject object) {
    String text = object.string(Tags.NumberOfFrames, "1");
    if (!text.matches("[+]?\\d{1,10}([.]0*)?")) { // some writers send "1.0"
      throw new DicomException("the value is not a number of frames", Tags.NumberOfFrames, null);
    }
    long frames = (long) Double.parseDouble(text);
    return (int)
        Math.max(1, Math.min(Integer.MAX_VALUE, frames)); // some writers send 0 for a single frame
  }

  /** A high bit that does not fit the stored bits is ignored, as other readers do. */
  private static int highBit(DicomObject object, int bitsAllocated, int bitsStored) {
    int highBit = object.integer(Tags.HighBit, bitsStored - 1);
    return highBit < bitsStored - 1 || highBit >= bitsAllocated ? bitsStored - 1 : highBit;
  }

  private static int positive(DicomObject object, int tag) {
    int value = object.requiredInteger(tag);
    if (value < 1) {
      throw new DicomException("the value is " + value + ", below 1,", tag, null);
    }
    return value;
  }

  private void check() {
    if (!PHOTOMETRIC.contains(photometric)) {
      throw new UnsupportedPixelsException(
          "this photometric interpretation is not supported", Tags.PhotometricInterpretation);
    }
    boolean colour = !photometric.startsWith("MONO") && !photometric.startsWith("PALETTE");
    if (samples != (colour ? 3 : 1)) {
      throw new DicomException(
          samples + " samples do not make a pixel of " + photometric, Tags.SamplesPerPixel, null);
    }
    if (colour && signed) { // PS3.3 C.7.6.3.1.2: 0 is the least intensity
      throw new DicomException(
          "signed samples make no colour in " + photometric, Tags.PixelRepresentation, null);
    }
    if (bitsAllocated != 8 && bitsAllocated != 16 && bitsAllocated != 32) {
      throw new UnsupportedPixelsException(
          bitsAllocated + " bits allocated are not supported, only 8, 16 and 32",
          Tags.BitsAllocated);
    }
    if (bitsStored < 1 || bitsStored > bitsAllocated) {
      throw new DicomException(
          bitsStored + " bits stored in " + bitsAllocated + " allocated", Tags.BitsStored, null);
    }
    if ((long) rows * columns * samples > MAX_SAMPLES) {
      throw new DicomException(
          "a frame of %d x %d x %d exceeds the limit of %d samples"
              .formatted(rows, columns, samples, MAX_SAMPLES),
          Tags.Rows,
          null);
    }
  }

  int sampleCount() {
    return rows * columns * samples;
  }

  PixelFormat ofOneFrame() {
    return new PixelFormat(
        rows,
        columns,
        samples,
        photometric,
        bitsAllocated,
        bitsStored,
        highBit,
        signed,
        planar,
        1,
        overlaid);
  }

  int bytesAllocated() {
    return bitsAllocated / 8;
  }

  /** Extracts the stored bits from an allocated cell and extends their sign (PS3.5 8.1.1). */
  int value(int cell) {
    int shifted = cell << (31 - highBit);
    int unused = 32 - bitsStored;
    if (!signed && unused == 0 && shifted < 0) {
      throw new UnsupportedPixelsException(
          "an unsigned pixel above 2147483647 is not supported", Tags.BitsStored);
    }
    return signed ? shifted >> unused : shifted >>> unused;
  }

  /** The reverse of {@link #value}: a value where its bits are in an allocated cell. */
  int cell(int value) {
    return value << highBit + 1 - bitsStored;
  }

  /**
   * Returns decoded samples as values of the stored bits. Bits above these may repeat the sign or
   * hold a retired overlay plane (PS3.5 8.1.2); otherwise the stream holds more than its header
   * says. Where the stored bits are not the lowest, writers either compress the cells, as of dcmtk,
   * or the values alone; the stream's precision tells (PS3.5 8.2).
   *
   * @param samples decoder output, starting at bit 0
   * @param precision bits of a sample of the stream
   * @param lossy whether a value slightly out of range is clamped
   */
  int[] fitted(int[] samples, int precision, boolean lossy) {
    int[] values = new int[samples.length];
    if (highBit >= bitsStored && precision > highBit) {
      for (int i = 0; i < values.length; i++) {
        values[i] = value(samples[i]);
      }
      return values;
    }
    long most = (1L << (signed ? bitsStored - 1 : bitsStored)) - 1;
    long least = signed ? -most - 1 : 0;
    long margin = lossy ? most >> 4 : 0;
    for (int i = 0; i < values.length; i++) {
      int sample = samples[i];
      int sign = bitsAllocated == 8 ? (byte) sample : (short) sample;
      boolean fits =
          overlaid
              || (long) sample >> bitsStored == 0
              || sample >> bitsStored - 1 == -1
              || sign >> bitsStored - 1 == -1 && signed;
      if (fits) {
        values[i] = value(cell(sample));
      } else if (sample <= most + margin && sample >= least - margin) {
        values[i] = (int) Math.max(least, Math.min(most, sample));
      } else {
        throw new DicomException(
            "a decoded sample of %d does not fit %d bits stored".formatted(sample, bitsStored),
            Tags.BitsStored,
            null);
      }
    }
    return values;
  }

  RawFrame frame(String nowPhotometric, int[] values) {
    return new RawFrame(rows, columns, samples, nowPhotometric, bitsStored, signed, values);
  }
}
