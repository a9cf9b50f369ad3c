package org.m2ib.dicom;

import java.io.IOException;

/**
 * Reads frames out of Pixel Data (7FE0,0010): uncompressed ones in every byte order, deflated, RLE,
 * JPEG baseline, JPEG lossless and JPEG 2000. JPEG-LS and JPEG with 12 bits are not read: no
 * maintained decoder in Java is to be had.
 */
public final class PixelReader {
  private PixelReader() {}

  /** How many frames the object says it has; 1 where it says nothing. */
  public static int frameCount(DicomObject object) {
    return PixelFormat.frames(object);
  }

  /**
   * @param number of the frame, counted from 1
   * @throws UnsupportedPixelsException when there are no pixels, or they are in a form that is not
   *     read
   * @throws DicomException when the pixels contradict their description: too short, another size,
   *     damaged
   */
  public static RawFrame frame(DicomObject object, int number) {
    Library.prepare();
    if (!object.has(Tags.PixelData)) {
      throw new UnsupportedPixelsException("the object has no pixels", Tags.PixelData);
    }
    if (!decodes(object.transferSyntaxUid())
        && !object.transferSyntaxUid().equals(Uids.JPEG_EXTENDED)) {
      throw new UnsupportedPixelsException(
          "pixels in " + TransferSyntaxes.name(object.transferSyntaxUid()) + " are not read");
    }
    PixelFormat format = PixelFormat.of(object);
    if (number < 1 || number > format.frames()) {
      throw new DicomException(
          "frame %d is asked for, there are %d".formatted(number, format.frames()),
          Tags.NumberOfFrames,
          null);
    }
    if (!object.isEncapsulated(Tags.PixelData)) {
      return NativePixels.frame(object, format, number);
    }
    byte[] encoded = EncapsulatedFrames.frame(object, format.frames(), number);
    try {
      return decode(object.transferSyntaxUid(), format, encoded);
    } catch (DicomException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new DicomException(
          "frame %d cannot be decoded from %s"
              .formatted(number, TransferSyntaxes.name(object.transferSyntaxUid())),
          Tags.PixelData,
          e);
    }
  }

  private static RawFrame decode(String transferSyntaxUid, PixelFormat format, byte[] encoded)
      throws IOException {
    return switch (transferSyntaxUid) {
      case Uids.RLE_LOSSLESS -> RunLengthDecoder.decode(format, encoded);
      case Uids.JPEG_BASELINE, Uids.JPEG_EXTENDED, Uids.JPEG_LOSSLESS, Uids.JPEG_LOSSLESS_SV1 ->
          JpegDecoder.decode(format, encoded);
      case Uids.JPEG_2000_LOSSLESS -> Jpeg2000Decoder.decode(format, encoded, false);
      case Uids.JPEG_2000 -> Jpeg2000Decoder.decode(format, encoded, true);
      default ->
          throw new DicomException(
              "fragments in " + TransferSyntaxes.name(transferSyntaxUid), Tags.PixelData, null);
    };
  }

  /**
   * Whether every kind of pixels that the transfer syntax stands for is read. Not so JPEG Extended:
   * of it only streams with 8 bits are.
   */
  public static boolean decodes(String transferSyntaxUid) {
    return Uids.isDecoded(transferSyntaxUid);
  }
}
