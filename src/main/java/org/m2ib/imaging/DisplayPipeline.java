package org.m2ib.imaging;

import java.util.function.DoubleUnaryOperator;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

/**
 * Stored pixels to what a person sees (PS3.4 N.2): modality transformation, values of interest,
 * polarity; colour forms become RGB. Padding is background, that is black.
 */
public final class DisplayPipeline {
  private DisplayPipeline() {}

  /**
   * @param frame counted from 1
   * @throws org.m2ib.dicom.UnsupportedPixelsException when the pixels are in a form that is not
   *     read
   * @throws org.m2ib.dicom.DicomException when the object contradicts itself
   */
  public static DisplayImage display(DicomObject object, int frame) {
    return display(PixelReader.frame(object, frame), object);
  }

  /** As {@link #display(DicomObject, int)}, for a frame that is read already. */
  public static DisplayImage display(RawFrame frame, DicomObject header) {
    return frame.photometricInterpretation().startsWith("MONOCHROME")
        ? grey(frame, header)
        : Colours.rgb(frame, header);
  }

  private static DisplayImage grey(RawFrame frame, DicomObject header) {
    Padding padding = Padding.of(header, header.integer(Tags.BitsAllocated, 16), frame.signed());
    DoubleUnaryOperator modality = ModalityTransformation.of(header, frame.signed());
    VoiTransformation.Range range = range(frame.values(), padding, modality);
    DoubleUnaryOperator voi =
        VoiTransformation.of(header, frame.signed() || range.min() < 0, range);
    boolean inverted = isInverted(frame, header);
    float[] values = new float[frame.values().length];
    for (int i = 0; i < values.length; i++) {
      int stored = frame.values()[i];
      if (!padding.contains(stored)) {
        double share = voi.applyAsDouble(modality.applyAsDouble(stored));
        values[i] = (float) (inverted ? 1 - share : share);
      }
    }
    return new DisplayImage(frame.rows(), frame.columns(), 1, values);
  }

  /**
   * MONOCHROME1 shows its least value white. PS3.3 C.8.11.3.1.2: in DX the presentation LUT shape
   * INVERSE says the same once more, so the two together invert once.
   */
  static boolean isInverted(RawFrame frame, DicomObject header) {
    return frame.photometricInterpretation().equals("MONOCHROME1")
        || header.string(Tags.PresentationLUTShape, "IDENTITY").equals("INVERSE");
  }

  private static VoiTransformation.Range range(
      int[] stored, Padding padding, DoubleUnaryOperator modality) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int value : stored) {
      if (!padding.contains(value)) {
        double x = modality.applyAsDouble(value);
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
    }
    return new VoiTransformation.Range(min, max);
  }
}
