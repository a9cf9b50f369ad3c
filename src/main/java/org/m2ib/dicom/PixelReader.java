package org.m2ib.dicom;

import java.io.IOException;

/**
 * Decodes frames of Pixel Data (7FE0,0010): uncompressed in either byte order, deflated, RLE, JPEG
 * and JPEG 2000; 12-bit JPEG, JPEG-LS and High-Throughput JPEG 2000 where a {@link DecoderProgram}
 * is installed.
 */
public final class PixelReader {
  private PixelReader() {}

  /** Returns the object's number of frames, 1 if it does not say. */
  public static int frameCount(DicomObject object) {
    return PixelFormat.frames(object);
  }

  /**
   * @param number frame number, starting at 1
   * @throws UnsupportedPixelsException if there are no pixels or their form is not supported
   * @throws DicomException if the pixels are damaged, truncated, or contradict their description
   */
  public static RawFrame frame(DicomObject object, int number) {
    Library.prepare();
    if (!object.has(Tags.PixelData)) {
      throw new UnsupportedPixelsException("the object has no pixels", Tags.PixelData);
    }
    if (!Uids.isDecoded(object.transferSyntaxUid())
        && DecoderProgram.neededBy(object.transferSyntaxUid()).isEmpty()) {
      throw new UnsupportedPixelsException(
          "pixels in " + TransferSyntaxes.name(object.transferSyntaxUid()) + " are not supported");
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
      case Uids.ENCAPSULATED_UNCOMPRESSED -> NativePixels.encapsulated(format, encoded);
      case Uids.DEFLATED_FRAMES -> NativePixels.inflated(format, encoded);
      case Uids.RLE_LOSSLESS -> RunLengthDecoder.decode(format, encoded);
      case Uids.JPEG_BASELINE,
          Uids.JPEG_EXTENDED,
          Uids.JPEG_SPECTRAL,
          Uids.JPEG_PROGRESSIVE,
          Uids.JPEG_LOSSLESS,
          Uids.JPEG_LOSSLESS_SV1,
          Uids.JPEG_LS_LOSSLESS,
          Uids.JPEG_LS_NEAR_LOSSLESS ->
          JpegDecoder.decode(format, encoded);
      case Uids.JPEG_2000_LOSSLESS, Uids.HTJ2K_LOSSLESS, Uids.HTJ2K_LOSSLESS_RPCL ->
          Jpeg2000Decoder.decode(format, encoded, false);
      case Uids.JPEG_2000, Uids.HTJ2K -> Jpeg2000Decoder.decode(format, encoded, true);
      default ->
          throw new DicomException(
              "fragments in " + TransferSyntaxes.name(transferSyntaxUid), Tags.PixelData, null);
    };
  }

  /**
   * Returns whether all pixels in this transfer syntax can be decoded here and now: by this
   * program, or by one that is installed.
   */
  public static boolean decodes(String transferSyntaxUid) {
    return Uids.isDecoded(transferSyntaxUid)
        || DecoderProgram.neededBy(transferSyntaxUid).filter(DecoderPrograms::isThere).isPresent();
  }
}
