package org.m2ib.imaging;

import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

/**
 * Converts stored grey values to displayed ones: modality transformation, VOI transformation,
 * polarity (PS3.4 N.2). Both the model's input and the review page use it.
 *
 * @param inverted whether the lowest value is displayed as white
 */
record GreyScale(
    Padding padding, ModalityTransformation modality, VoiTransformation voi, boolean inverted) {

  /**
   * @param number of the frame, counted from 1
   * @throws DicomException if the object contradicts itself, or its rescaled values are not finite
   */
  static GreyScale of(RawFrame frame, DicomObject object, int number) {
    Padding padding = Padding.of(object, object.integer(Tags.BitsAllocated, 16), frame.signed());
    ModalityTransformation modality = ModalityTransformation.of(object, number, frame.signed());
    VoiTransformation.Range range = range(frame.values(), padding, modality);
    boolean signed = modality.signed(frame.bitsStored(), frame.signed());
    VoiTransformation voi = VoiTransformation.of(object, number, signed, range);
    return new GreyScale(padding, modality, voi, isInverted(frame, object));
  }

  /**
   * MONOCHROME1 displays its lowest value as white. PS3.3 C.8.11.3.1.2: in DX the presentation LUT
   * shape INVERSE repeats this, so the two together invert once.
   */
  private static boolean isInverted(RawFrame frame, DicomObject header) {
    return frame.photometricInterpretation().equals("MONOCHROME1")
        || header.string(Tags.PresentationLUTShape, "IDENTITY").equals("INVERSE");
  }

  private static VoiTransformation.Range range(
      int[] stored, Padding padding, ModalityTransformation modality) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int value : stored) {
      if (!padding.contains(value)) {
        double x = modality.value(value);
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
    }
    if (min == Double.POSITIVE_INFINITY && max == Double.NEGATIVE_INFINITY) { // only padding
      return new VoiTransformation.Range(0, 0);
    }
    if (!Double.isFinite(max - min)) {
      throw new DicomException("the rescaled values are not finite", Tags.RescaleSlope, null);
    }
    return new VoiTransformation.Range(min, max);
  }

  /** The displayed value for a modality value, 0 black to 1 white. */
  float shown(double value) {
    double share = voi.share(value);
    return (float) (inverted ? 1 - share : share);
  }

  /** The displayed value for a stored value; padding is background, that is black. */
  float ofStored(int stored) {
    return padding.contains(stored) ? 0 : shown(modality.value(stored));
  }

  /** A value in [0, 1] as the 8 bits used by models and screens. */
  static byte level(float shown) {
    return (byte) Math.round(255 * shown);
  }
}
