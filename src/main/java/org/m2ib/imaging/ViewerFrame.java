package org.m2ib.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.RawFrame;

/**
 * One frame for a viewer, which shows it as the model sees it until a person changes the window. A
 * grey sample s stands for the value s * scale + offset after the modality transformation; a colour
 * one is RGB as shown.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param colour whether there are three samples of 8 bits a pixel, else one of 16
 * @param inverted whether the least value is shown white
 * @param window where a person's changes begin: the object's own, else its whole range; of a table
 *     its inputs
 * @param minimum least value, padding left out
 * @param maximum greatest value, padding left out
 * @param scale step between two samples' values
 * @param offset value of the sample 0
 * @param padding the sample that shows nothing and is black under every window; -1 without such
 * @param samples row-major, interleaved, unsigned, little endian
 * @param greyLevels of each grey sample from 0 on what the model sees, 0 black to 255 white; empty
 *     of a colour image
 */
public record ViewerFrame(
    int rows,
    int columns,
    boolean colour,
    boolean inverted,
    Window window,
    double minimum,
    double maximum,
    double scale,
    double offset,
    int padding,
    byte[] samples,
    byte[] greyLevels) {
  private static final int MOST = 0xFFFF;

  /**
   * @param center (0028,1050)
   * @param width (0028,1051)
   * @param function (0028,1056), one of the standard's terms
   */
  public record Window(double center, double width, String function) {}

  /**
   * @param frame counted from 1
   * @throws org.m2ib.dicom.UnsupportedPixelsException when the pixels are in a form that is not
   *     read
   * @throws org.m2ib.dicom.DicomException when the object contradicts itself or lacks the frame
   */
  public static ViewerFrame of(DicomObject object, int frame) {
    RawFrame raw = PixelReader.frame(object, frame);
    return raw.photometricInterpretation().startsWith("MONOCHROME")
        ? grey(raw, GreyScale.of(raw, object, frame))
        : colour(DisplayPipeline.display(raw, object, frame));
  }

  private static ViewerFrame colour(DisplayImage image) {
    byte[] samples = new byte[image.values().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = GreyScale.level(image.values()[i]);
    }
    Window window = new Window(128, 256, "LINEAR");
    return new ViewerFrame(
        image.rows(), image.columns(), true, false, window, 0, 255, 1, 0, -1, samples, new byte[0]);
  }

  private static ViewerFrame grey(RawFrame frame, GreyScale grey) {
    ModalityTransformation modality = grey.modality();
    Padding padding = grey.padding();
    boolean table = modality.table() != null;
    int[] whole = frame.values(); // a table's entries, else the stored values
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int stored : frame.values()) {
      if (!padding.contains(stored)) {
        int value = table ? (int) modality.value(stored) : stored;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (min > max) {
      min = max = 0;
    }
    long span = (long) max - min;
    double step = span > MOST ? (double) span / (MOST - 1) : 1; // beyond 16 bits the last are lost
    int last = (int) Math.round(span / step);
    int padded = padding.isNone() ? -1 : paddingSample(padding, min, max, last, table);
    ByteBuffer samples = ByteBuffer.allocate(2 * whole.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int stored : whole) {
      int value = table ? (int) modality.value(stored) : stored;
      boolean pad = padded >= 0 && padding.contains(stored);
      long sample = Math.round(((double) value - min) / step);
      samples.putShort((short) (pad ? padded : Math.max(0, Math.min(last, sample))));
    }
    byte[] levels = new byte[Math.max(last, padded) + 1];
    for (int s = 0; s < levels.length; s++) {
      double value = min + s * step;
      levels[s] =
          s == padded ? 0 : GreyScale.level(grey.shown(table ? value : modality.value(value)));
    }
    double slope = table ? 1 : modality.slope();
    double first = table ? min : modality.value(min);
    double end = table ? max : modality.value(max);
    VoiTransformation voi = grey.voi();
    return new ViewerFrame(
        frame.rows(),
        frame.columns(),
        false,
        grey.inverted(),
        new Window(
            voi.center(), voi.width(), voi.function() == null ? "LINEAR" : voi.function().name()),
        Math.min(first, end),
        Math.max(first, end),
        slope * step,
        first,
        padded,
        samples.array(),
        levels);
  }

  /** A sample that no value has: behind the last; where all are taken, a stored one of padding. */
  private static int paddingSample(Padding padding, int min, int max, int last, boolean table) {
    if (last < MOST) {
      return last + 1;
    }
    int stored = Math.max(padding.low(), min);
    return !table && stored <= Math.min(padding.high(), max) ? stored - min : -1;
  }
}
