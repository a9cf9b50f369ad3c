package org.m2ib.imaging;

import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Converts stored values to modality values (PS3.3 C.11.1), by table or by slope and intercept.
 *
 * @param table null if slope and intercept apply
 */
record ModalityTransformation(LookupTable table, double slope, double intercept) {

  /**
   * @param frame counted from 1; its Pixel Value Transformation (PS3.3 C.7.6.16.2.9) takes
   *     precedence
   * @param signed whether stored values are (0028,0103)
   */
  static ModalityTransformation of(DicomObject object, int frame, boolean signed) {
    DicomObject holder = FrameTransformations.modality(object, frame);
    double[] slopes = holder.doubles(Tags.RescaleSlope);
    double[] intercepts = holder.doubles(Tags.RescaleIntercept);
    boolean rescaled = slopes.length > 0 || intercepts.length > 0;
    LookupTable table =
        LookupTable.first(holder, Tags.ModalityLUTSequence, signed, rescaled).orElse(null);
    double slope = slopes.length == 0 ? 1 : slopes[0];
    if (table == null && slope == 0) {
      throw new DicomException(
          "the rescale slope is 0, which makes the image uniform", Tags.RescaleSlope, null);
    }
    return new ModalityTransformation(table, slope, intercepts.length == 0 ? 0 : intercepts[0]);
  }

  double value(double stored) {
    return table != null ? table.entry(stored) : stored * slope + intercept;
  }

  /**
   * Whether values below 0 are possible, which determines how a VOI LUT's first input is read
   * (PS3.3 C.11.2.1.1): by the stored bits, not by this image's values. A table's entries are
   * unsigned (C.11.1.1.1).
   */
  boolean signed(int bitsStored, boolean storedSigned) {
    double range = Math.pow(2, bitsStored);
    double least = storedSigned ? -range / 2 : 0;
    double greatest = least + range - 1;
    return table == null && Math.min(value(least), value(greatest)) < 0;
  }
}
