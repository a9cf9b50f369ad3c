package org.m2ib.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aoju.bus.image.galaxy.data.Fragments;
import org.aoju.bus.image.galaxy.data.VR;

/**
 * Decodes a JPEG or JPEG-LS stream with a program that reads and writes DICOM files. The file has
 * the stream and what the stream itself says about its size; nothing of the object.
 */
final class ProgramDecoder {
  private static final String IN = "in.dcm";
  private static final String OUT = "out.dcm";
  private static final int LEAST_LS_BITS = 8;

  /** File meta information and header of what comes back. */
  private static final int HEADER = 1 << 16;

  private ProgramDecoder() {}

  /** Returns samples of the stream's precision, unsigned and interleaved. */
  static int[] jpegLs(JpegHeader header, byte[] stream) throws IOException {
    return header.precision() < LEAST_LS_BITS
        ? decode(DecoderProgram.GDCMCONV, header, Uids.JPEG_LS_LOSSLESS, stream, "--raw")
        : decode(
            DecoderProgram.DCMDJPLS, header, Uids.JPEG_LS_LOSSLESS, stream, "--color-by-pixel");
  }

  /** The same for JPEG with 12 bits. */
  static int[] jpeg(JpegHeader header, byte[] stream) throws IOException {
    return decode(
        DecoderProgram.DCMDJPEG,
        header,
        header.process() == JpegHeader.PROGRESSIVE ? Uids.JPEG_PROGRESSIVE : Uids.JPEG_EXTENDED,
        stream,
        "--conv-never",
        "--color-by-pixel");
  }

  private static int[] decode(
      DecoderProgram program, JpegHeader header, String syntax, byte[] stream, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(IN);
    arguments.add(OUT);
    int bytes = header.precision() <= 8 ? 1 : 2;
    long most = (long) header.rows() * header.columns() * header.components() * bytes + HEADER;
    byte[] out =
        DecoderPrograms.run(program, arguments, IN, wrapped(header, syntax, stream), OUT, most);
    try {
      DicomObject decoded = DicomObject.read(new ByteArrayInputStream(out));
      PixelFormat format = PixelFormat.of(decoded);
      boolean asked =
          !decoded.isEncapsulated(Tags.PixelData)
              && format.rows() == header.rows()
              && format.columns() == header.columns()
              && format.samples() == header.components()
              && format.bitsAllocated() == 8 * bytes
              && format.frames() == 1;
      if (asked) {
        return NativePixels.frame(decoded, format, 1).values();
      }
    } catch (DicomException e) {
      throw new DicomException(
          "%s made an image that cannot be read".formatted(program.program()), Tags.PixelData, e);
    }
    throw DecoderPrograms.failed(program, "made an image of another size or depth");
  }

  private static byte[] wrapped(JpegHeader header, String syntax, byte[] stream)
      throws IOException {
    boolean grey = header.components() == 1;
    DicomObject object =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE)
            .set(Tags.SOPInstanceUID, "2.25.1")
            .set(Tags.SamplesPerPixel, header.components())
            .set(Tags.PhotometricInterpretation, grey ? "MONOCHROME2" : "RGB")
            .set(Tags.Rows, header.rows())
            .set(Tags.Columns, header.columns())
            .set(Tags.BitsAllocated, header.precision() <= 8 ? 8 : 16)
            .set(Tags.BitsStored, header.precision())
            .set(Tags.HighBit, header.precision() - 1)
            .set(Tags.PixelRepresentation, 0);
    if (!grey) {
      object.set(Tags.PlanarConfiguration, 0);
    }
    Fragments fragments = object.attributes().newFragments(Tags.PixelData, VR.OB, 2);
    fragments.add(new byte[0]); // no offset table
    fragments.add(Arrays.copyOf(stream, stream.length + stream.length % 2));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataSetWriter.write(object, syntax, out);
    return out.toByteArray();
  }
}
