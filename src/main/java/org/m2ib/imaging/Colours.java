package org.m2ib.imaging;

import java.util.Arrays;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.UnsupportedPixelsException;

/** Converts colour forms to RGB in [0, 1] (PS3.3 C.7.6.3.1.2). */
final class Colours {
  private Colours() {}

  static DisplayImage rgb(RawFrame frame, DicomObject header) {
    return switch (frame.photometricInterpretation()) {
      case "RGB" -> straight(frame);
      case "PALETTE COLOR" -> palette(frame, header);
      case "YBR_FULL" -> fromYbr(frame);
      default ->
          throw new UnsupportedPixelsException(
              "this photometric interpretation is not supported", Tags.PhotometricInterpretation);
    };
  }

  private static DisplayImage straight(RawFrame frame) {
    float[] values = new float[frame.values().length];
    float white = white(frame);
    for (int i = 0; i < values.length; i++) {
      values[i] = clamp(frame.values()[i] / white);
    }
    return new DisplayImage(frame.rows(), frame.columns(), 3, values);
  }

  private static DisplayImage fromYbr(RawFrame frame) {
    float white = white(frame);
    double half = 1L << frame.bitsStored() - 1;
    int[] in = frame.values();
    float[] out = new float[in.length];
    for (int i = 0; i < in.length; i += 3) {
      double y = in[i];
      double cb = in[i + 1] - half;
      double cr = in[i + 2] - half;
      out[i] = clamp((float) (y + 1.402 * cr) / white);
      out[i + 1] = clamp((float) (y - 0.344136 * cb - 0.714136 * cr) / white);
      out[i + 2] = clamp((float) (y + 1.772 * cb) / white);
    }
    return new DisplayImage(frame.rows(), frame.columns(), 3, out);
  }

  private static DisplayImage palette(RawFrame frame, DicomObject header) {
    if (header.has(Tags.SegmentedRedPaletteColorLookupTableData)) {
      throw new UnsupportedPixelsException(
          "segmented palettes are not supported", Tags.SegmentedRedPaletteColorLookupTableData);
    }
    LookupTable[] tables = tables(header, frame.signed());
    float[] values = new float[3 * frame.values().length];
    for (int i = 0; i < frame.values().length; i++) {
      for (int c = 0; c < 3; c++) {
        values[3 * i + c] = (float) tables[c].share(frame.values()[i]);
      }
    }
    return new DisplayImage(frame.rows(), frame.columns(), 3, values);
  }

  /**
   * Red, green and blue, whose entries have the same number of bits: one dark colour alone does not
   * reveal it.
   */
  private static LookupTable[] tables(DicomObject header, boolean signed) {
    LookupTable[] tables = {
      table(
          header,
          Tags.RedPaletteColorLookupTableDescriptor,
          Tags.RedPaletteColorLookupTableData,
          signed),
      table(
          header,
          Tags.GreenPaletteColorLookupTableDescriptor,
          Tags.GreenPaletteColorLookupTableData,
          signed),
      table(
          header,
          Tags.BluePaletteColorLookupTableDescriptor,
          Tags.BluePaletteColorLookupTableData,
          signed)
    };
    int most =
        Arrays.stream(tables).flatMapToInt(table -> Arrays.stream(table.entries())).max().orElse(0);
    int told = Arrays.stream(tables).mapToInt(LookupTable::bits).max().orElse(8);
    int bits = most <= 0xFF ? 8 : told; // some write bytes into words
    return Arrays.stream(tables)
        .map(table -> new LookupTable(table.first(), bits, table.entries()))
        .toArray(LookupTable[]::new);
  }

  private static LookupTable table(
      DicomObject header, int descriptorTag, int dataTag, boolean signed) {
    LookupTable table = LookupTable.of(header, descriptorTag, dataTag, signed);
    int entries = table.entries().length;
    int words = header.integers(dataTag).length;
    if (words != entries && words != (entries + 1) / 2) {
      throw new DicomException(
          "a palette of %d entries has data of %d bytes".formatted(entries, 2 * words),
          dataTag,
          null);
    }
    return table;
  }

  private static float white(RawFrame frame) {
    return (1L << frame.bitsStored()) - 1;
  }

  private static float clamp(float x) {
    return Math.max(0, Math.min(1, x));
  }
}
