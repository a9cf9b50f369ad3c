package org.m2ib.dicom;

import java.io.IOException;
import java.io.OutputStream;
import org.aoju.bus.image.galaxy.data.VR;

/** Writes an object in Explicit VR Little Endian, its pixels decoded frame by frame. */
public final class Uncompressed {
  private Uncompressed() {}

  /**
   * Writes a Part 10 file. Elements after the pixel data are left out if it was encapsulated: they
   * would speak of its former bytes.
   *
   * @throws UnsupportedPixelsException before anything is written, if the first frame cannot be
   *     decoded or the whole is longer than an element may be
   * @throws DicomException if a frame is damaged
   */
  public static void write(DicomObject object, OutputStream out) throws IOException {
    if (!object.isEncapsulated(Tags.PixelData)) {
      object.write(out);
      return;
    }
    writeAnew(object, out);
  }

  /**
   * As {@link #write}, but the pixels of an object that is not compressed are written anew, too:
   * what is in bits beside the stored ones, such as a retired overlay plane, is gone.
   */
  public static void writeAnew(DicomObject object, OutputStream out) throws IOException {
    PixelFormat format = PixelFormat.of(object);
    RawFrame first = PixelReader.frame(object, 1);
    int size = format.bytesAllocated();
    long length = (long) first.values().length * size * format.frames();
    if (length > 0xFFFF_FFFEL) {
      throw new UnsupportedPixelsException("uncompressed, the pixels would exceed 4 GiB");
    }
    DicomObject header = header(object);
    header.set(Tags.PhotometricInterpretation, first.photometricInterpretation());
    if (first.samplesPerPixel() > 1) {
      header.set(Tags.PlanarConfiguration, 0);
    }
    header.write(out);
    VR vr = size == 1 ? VR.OB : VR.OW;
    int even = (int) (length + length % 2);
    out.write(new byte[] {(byte) 0xE0, 0x7F, 0x10, 0, 'O', (byte) (vr == VR.OB ? 'B' : 'W'), 0, 0});
    out.write(
        new byte[] {(byte) even, (byte) (even >> 8), (byte) (even >> 16), (byte) (even >> 24)});
    out.write(FrameBytes.bytes(first, format, false));
    for (int number = 2; number <= format.frames(); number++) {
      out.write(FrameBytes.bytes(PixelReader.frame(object, number), format, false));
    }
    if (length % 2 == 1) {
      out.write(0);
    }
  }

  private static DicomObject header(DicomObject object) {
    DicomObject header =
        new DicomObject(
            new org.aoju.bus.image.galaxy.data.Attributes(object.attributes()),
            Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    for (int tag : object.tags()) {
      if (Integer.compareUnsigned(tag, Tags.PixelData) >= 0) {
        header.remove(tag);
      }
    }
    return header;
  }
}
