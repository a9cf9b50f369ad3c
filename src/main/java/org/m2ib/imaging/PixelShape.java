package org.m2ib.imaging;

import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** How far pixels lie apart, and what shape they have (PS3.3 C.7.6.3.1.7, 10.7.1.3). */
public final class PixelShape {
  /** At the patient, at the detector, on the scanned film. */
  private static final int[] TAGS = {
    Tags.PixelSpacing, Tags.ImagerPixelSpacing, Tags.NominalScannedPixelSpacing
  };

  private PixelShape() {}

  /**
   * @param frame counted from 1; its Pixel Measures (PS3.3 C.7.6.16.2.1) go first
   * @return spacing, millimetres between rows and between columns: at the patient where known, else
   *     at the detector, else of the scanned film; null where none is told
   */
  public static double[] spacing(DicomObject object, int frame) {
    for (int tag : TAGS) {
      double[] spacing = spacing(object, frame, tag);
      if (spacing != null) {
        return spacing;
      }
    }
    return null;
  }

  /** As {@link #spacing(DicomObject, int)}, by one of its three tags alone. */
  public static double[] spacing(DicomObject object, int frame, int tag) {
    DicomObject holder =
        FunctionalGroups.holder(
            object, frame, Tags.PixelMeasuresSequence, item -> pair(item, tag) != null);
    return pair(holder, tag);
  }

  /**
   * The height of a pixel over its width: by spacing, else by PixelAspectRatio, which stands only
   * where there is no spacing; 1 where nothing is told.
   */
  public static double aspect(DicomObject object, int frame) {
    double[] spacing = spacing(object, frame);
    double[] shape = spacing != null ? spacing : pair(object, Tags.PixelAspectRatio);
    double aspect = shape == null ? 1 : shape[0] / shape[1];
    return Double.isFinite(aspect) && aspect > 0 ? aspect : 1;
  }

  /** Two values above 0, else null. */
  private static double[] pair(DicomObject holder, int tag) {
    double[] values = holder.doubles(tag);
    return values.length == 2 && values[0] > 0 && values[1] > 0 ? values : null;
  }
}
