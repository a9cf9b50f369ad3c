package org.m2ib.imaging;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * The modality's values to [0, 1], by the first table or the first window (PS3.3 C.11.2). Without
 * either, and where a window has no width, from the image's least to its greatest value.
 */
final class VoiTransformation {
  private VoiTransformation() {}

  /** The image's least and greatest value, padding left out. */
  record Range(double min, double max) {
    DoubleUnaryOperator stretched() {
      double width = max - min;
      return x -> width > 0 ? Math.max(0, Math.min(1, (x - min) / width)) : 0;
    }
  }

  /**
   * @param signed whether the modality's values can be negative
   */
  static DoubleUnaryOperator of(DicomObject header, boolean signed, Range range) {
    List<DicomObject> tables = header.sequence(Tags.VOILUTSequence);
    if (!tables.isEmpty()) {
      LookupTable table = LookupTable.of(tables.get(0), Tags.LUTDescriptor, Tags.LUTData, signed);
      return table::share;
    }
    double[] centers = header.doubles(Tags.WindowCenter);
    double[] widths = header.doubles(Tags.WindowWidth);
    if (centers.length == 0 || widths.length == 0) {
      return range.stretched();
    }
    return window(header.string(Tags.VOILUTFunction, "LINEAR"), centers[0], widths[0], range);
  }

  private static DoubleUnaryOperator window(String function, double c, double w, Range range) {
    boolean linear = function.equals("LINEAR");
    if (linear ? w < 1 : w <= 0) {
      return range.stretched();
    }
    return switch (function) {
      // C.11.2.1.2.1; a width of 1 is a step
      case "LINEAR" ->
          x -> w == 1 ? (x <= c - 0.5 ? 0 : 1) : clamp((x - (c - 0.5)) / (w - 1) + 0.5);
      case "LINEAR_EXACT" -> x -> clamp((x - c) / w + 0.5); // C.11.2.1.3.2
      case "SIGMOID" -> x -> 1 / (1 + Math.exp(-4 * (x - c) / w)); // C.11.2.1.3.1
      default ->
          throw new DicomException("this VOI LUT function is not known", Tags.VOILUTFunction, null);
    };
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
