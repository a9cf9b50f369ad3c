package org.m2ib.imaging;

import java.util.Locale;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Maps modality values to [0, 1] by the first table or the first window (PS3.3 C.11.2). Without
 * either, or if a window has no width, it maps the image's range.
 *
 * @param table null if the window applies
 * @param function null if the range applies; the window then spans it
 * @param center of the window; of a table's inputs if there is one
 * @param width of the window
 * @param range of the image's values
 */
record VoiTransformation(
    LookupTable table, Function function, double center, double width, Range range) {

  /** VOILUTFunction (0028,1056). */
  enum Function {
    LINEAR,
    LINEAR_EXACT,
    SIGMOID;

    /** Writers differ in case and blanks; an unknown term means the default, LINEAR. */
    static Function of(String term) {
      return switch (term.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "")) {
        case "SIGMOID" -> SIGMOID;
        case "LINEAREXACT" -> LINEAR_EXACT;
        default -> LINEAR;
      };
    }
  }

  /** The image's lowest and highest value, without padding. */
  record Range(double min, double max) {}

  /**
   * @param frame counted from 1; its Frame VOI LUT (PS3.3 C.7.6.16.2.10) takes precedence
   * @param signed whether the modality's values can be negative
   */
  static VoiTransformation of(DicomObject object, int frame, boolean signed, Range range) {
    DicomObject holder = FrameTransformations.voi(object, frame);
    boolean windowed = FrameTransformations.hasWindow(holder);
    LookupTable table =
        LookupTable.first(holder, Tags.VOILUTSequence, signed, windowed).orElse(null);
    if (table != null) {
      return over(
          table, new Range(table.first(), (double) table.first() + table.entries().length - 1));
    }
    if (windowed) {
      double width = holder.doubles(Tags.WindowWidth)[0];
      Function function = Function.of(holder.string(Tags.VOILUTFunction, "LINEAR"));
      if (function == Function.LINEAR ? width >= 1 : width > 0) {
        double center = holder.doubles(Tags.WindowCenter)[0];
        return new VoiTransformation(null, function, center, width, range);
      }
    }
    return over(null, range);
  }

  /** The window from one value to the other (PS3.3 C.11.2.1.2.1). */
  private static VoiTransformation over(LookupTable table, Range range) {
    double center = (range.min() + range.max() + 1) / 2;
    return new VoiTransformation(table, null, center, range.max() - range.min() + 1, range);
  }

  /** The displayed value, [0, 1]. */
  double share(double x) {
    if (table != null) {
      return table.share(x);
    }
    if (function == null) {
      double extent = range.max() - range.min();
      return extent > 0 ? clamp((x - range.min()) / extent) : 0;
    }
    return switch (function) {
      // C.11.2.1.2.1; a width of 1 is a step
      case LINEAR ->
          width == 1
              ? (x <= center - 0.5 ? 0 : 1)
              : clamp((x - (center - 0.5)) / (width - 1) + 0.5);
      case LINEAR_EXACT -> clamp((x - center) / width + 0.5); // C.11.2.1.3.2
      case SIGMOID -> 1 / (1 + Math.exp(-4 * (x - center) / width)); // C.11.2.1.3.1
    };
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
