package org.m2ib.imaging;

import java.util.Arrays;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/** Spacing and shape of pixels (PS3.3 C.7.6.3.1.7, 10.7.1.3). */
public final class PixelShape {
  /** At the patient, at the detector, on the scanned film. */
  private static final int[] TAGS = {
    Tags.PixelSpacing, Tags.ImagerPixelSpacing, Tags.NominalScannedPixelSpacing
  };

  private PixelShape() {}

  /**
   * @param frame counted from 1; its Pixel Measures (PS3.3 C.7.6.16.2.1) take precedence
   * @return spacing in millimetres between rows and between columns: at the patient if known, else
   *     at the detector, else of the scanned film; null if not given
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

  /** Where a spacing holds (PS3.3 10.7.1.3). */
  public enum Place {
    /** In the patient: of a slice, or calibrated. */
    PATIENT,
    /** At the detector: objects in front of it are smaller than they measure. */
    DETECTOR,
    /** On the scanned film. */
    FILM,
    /** The image does not say. */
    UNSTATED
  }

  /**
   * Where {@link #spacing(DicomObject, int)} holds.
   *
   * @return null without a spacing
   */
  public static Place place(DicomObject object, int frame) {
    double[] given = spacing(object, frame, Tags.PixelSpacing);
    double[] detector = spacing(object, frame, Tags.ImagerPixelSpacing);
    if (given == null) {
      return detector != null
          ? Place.DETECTOR
          : spacing(object, frame, Tags.NominalScannedPixelSpacing) != null ? Place.FILM : null;
    }
    if (PlaneGeometry.of(object, frame) != null
        || !object.string(Tags.PixelSpacingCalibrationType, "").isBlank()) {
      return Place.PATIENT;
    }
    if (detector == null) {
      return Place.UNSTATED;
    }
    return Arrays.equals(given, detector) ? Place.DETECTOR : Place.PATIENT;
  }

  /** As {@link #spacing(DicomObject, int)}, from only one of its three tags. */
  public static double[] spacing(DicomObject object, int frame, int tag) {
    DicomObject holder =
        FunctionalGroups.holder(
            object, frame, Tags.PixelMeasuresSequence, item -> pair(item, tag) != null);
    return pair(holder, tag);
  }

  /**
   * Thickness of a frame's slice.
   *
   * @return one value in millimetres; null if not given
   */
  public static double[] sliceThickness(DicomObject object, int frame) {
    double[] thickness =
        FunctionalGroups.holder(
                object,
                frame,
                Tags.PixelMeasuresSequence,
                item -> item.doubles(Tags.SliceThickness).length == 1)
            .doubles(Tags.SliceThickness);
    return thickness.length == 1 && thickness[0] > 0 ? thickness : null;
  }

  /**
   * The height of a pixel divided by its width: from spacing, else from PixelAspectRatio, which is
   * only present without spacing; 1 if not given.
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
