package org.m2ib.imaging;

import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.RawFrame;

/**
 * Converts stored pixels to displayed values (PS3.4 N.2): modality transformation, VOI
 * transformation, polarity; colour forms become RGB. Padding is background, that is black.
 */
public final class DisplayPipeline {
  private static final int TABLE = 1 << 16;

  private DisplayPipeline() {}

  /**
   * @param frame counted from 1
   * @throws org.m2ib.dicom.UnsupportedPixelsException if the pixels are in an unsupported form
   * @throws org.m2ib.dicom.DicomException if the object contradicts itself
   */
  public static DisplayImage display(DicomObject object, int frame) {
    return display(PixelReader.frame(object, frame), object, frame);
  }

  /** As {@link #display(DicomObject, int)}, for a frame that has been read already. */
  static DisplayImage display(RawFrame frame, DicomObject object, int number) {
    DisplayImage image =
        frame.photometricInterpretation().startsWith("MONOCHROME")
            ? grey(frame, GreyScale.of(frame, object, number))
            : Colours.rgb(frame, object);
    return image.withPixelAspect(PixelShape.aspect(object, number));
  }

  private static DisplayImage grey(RawFrame frame, GreyScale scale) {
    int[] stored = frame.values();
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int value : stored) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    float[] values = new float[stored.length];
    if ((long) max - min < TABLE && stored.length > TABLE) { // each value is computed once
      float[] table = new float[max - min + 1];
      for (int i = 0; i < table.length; i++) {
        table[i] = scale.ofStored(min + i);
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = table[stored[i] - min];
      }
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = scale.ofStored(stored[i]);
      }
    }
    return new DisplayImage(frame.rows(), frame.columns(), 1, values);
  }
}
