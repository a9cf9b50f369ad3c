package org.m2ib.dicom;

import java.util.Locale;
import java.util.Set;

/**
 * The Image Pixel module (PS3.3 C.7.6.3), validated so that other code can rely on it.
 *
 * @param frames (0028,0008), 1 if absent
 * @param overlaid whether overlay planes are in the bits above those stored
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
  /** About four times the largest radiographs there are. */
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
    if (!text.matches("[+]?\\d{1,10}([.]0*)?")) { // some write "1.0"
      throw new DicomException("the value is no number of frames", Tags.NumberOfFrames, null);
    }
    long frames = (long) Double.parseDouble(text);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, frames)); // some write 0 for one frame
  }

  /** A value that contradicts the bits stored is ignored, as elsewhere. */
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
          "this photometric interpretation is not read", Tags.PhotometricInterpretation);
    }
    boolean colour = !photometric.startsWith("MONO") && !photometric.startsWith("PALETTE");
    if (samples != (colour ? 3 : 1)) {
      throw new DicomException(
          samples + " samples do not make a pixel of " + photometric, Tags.SamplesPerPixel, null);
    }
    if (bitsAllocated != 8 && bitsAllocated != 16 && bitsAllocated != 32) {
      throw new UnsupportedPixelsException(
          bitsAllocated + " bits allocated are not read, only 8, 16 and 32", Tags.BitsAllocated);
    }
    if (bitsStored < 1 || bitsStored > bitsAllocated) {
      throw new DicomException(
          bitsStored + " bits stored in " + bitsAllocated + " allocated", Tags.BitsStored, null);
    }
    if ((long) rows * columns * samples > MAX_SAMPLES) {
      throw new DicomException(
          "a frame of %d x %d x %d is larger than the %d samples that are read"
              .formatted(rows, columns, samples, MAX_SAMPLES),
          Tags.Rows,
          null);
    }
  }

  int sampleCount() {
    return rows * columns * samples;
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
          "an unsigned pixel above 2147483647 is not read", Tags.BitsStored);
    }
    return signed ? shifted >> unused : shifted >>> unused;
  }

  /**
   * Decoded samples as values of the stored bits. Bits above these may repeat the sign, or be an
   * old overlay's plane (PS3.5 8.1.2); otherwise the stream has more bits than its header states.
   *
   * @param samples as returned by a decoder, from bit 0
   * @param lossy whether a value may slightly exceed the range and is then clipped
   */
  int[] fitted(int[] samples, boolean lossy) {
    int[] values = new int[samples.length];
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
        values[i] = value(sample << highBit + 1 - bitsStored);
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
