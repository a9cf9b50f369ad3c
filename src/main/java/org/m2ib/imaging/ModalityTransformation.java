package org.m2ib.imaging;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** Stored values to the modality's own, by table or by slope and intercept (PS3.3 C.11.1). */
final class ModalityTransformation {
  private ModalityTransformation() {}

  static DoubleUnaryOperator of(DicomObject header, boolean signed) {
    List<DicomObject> tables = header.sequence(Tags.ModalityLUTSequence);
    if (!tables.isEmpty()) {
      LookupTable table = LookupTable.of(tables.get(0), Tags.LUTDescriptor, Tags.LUTData, signed);
      return table::entry;
    }
    double slope = number(header, Tags.RescaleSlope, 1);
    double intercept = number(header, Tags.RescaleIntercept, 0);
    if (slope == 0) {
      throw new DicomException("a rescale slope of 0 leaves no picture", Tags.RescaleSlope, null);
    }
    return stored -> stored * slope + intercept;
  }

  private static double number(DicomObject header, int tag, double absent) {
    double[] values = header.doubles(tag);
    return values.length == 0 ? absent : values[0];
  }
}
