package org.m2ib.dicom;

import java.util.Set;

/**
 * The Image Pixel module (PS3.3 C.7.6.3), checked: what follows may rely on it.
 *
 * @param frames (0028,0008), 1 where absent
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
    int frames) {
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
            object.requiredString(Tags.PhotometricInterpretation),
            bitsAllocated,
            bitsStored,
            object.integer(Tags.HighBit, bitsStored - 1),
            object.integer(Tags.PixelRepresentation, 0) == 1,
            samples > 1 && object.integer(Tags.PlanarConfiguration, 0) == 1,
            frames(object));
    format.check();
    return format;
  }

  static int frames(DicomObject object) {
    return object.has(Tags.NumberOfFrames) ? positive(object, Tags.NumberOfFrames) : 1;
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
    if (highBit < bitsStored - 1 || highBit >= bitsAllocated) {
      throw new DicomException(
          "the high bit " + highBit + " does not fit " + bitsStored + " bits stored",
          Tags.HighBit,
          null);
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

  /** Takes the stored bits out of an allocated cell and extends their sign (PS3.5 8.1.1). */
  int value(int cell) {
    int shifted = cell << (31 - highBit);
    int unused = 32 - bitsStored;
    if (!signed && unused == 0 && shifted < 0) {
      throw new UnsupportedPixelsException(
          "an unsigned pixel above 2147483647 is not read", Tags.BitsStored);
    }
    return signed ? shifted >> unused : shifted >>> unused;
  }

  RawFrame frame(String nowPhotometric, int[] values) {
    return new RawFrame(rows, columns, samples, nowPhotometric, bitsStored, signed, values);
  }
}
