package org.m2ib.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.DoubleUnaryOperator;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;

/**
 * One frame for a viewer that sets window and polarity itself. A grey sample s stands for the value
 * s * scale + offset after the modality transformation; a colour one is RGB as shown.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param colour whether there are three samples of 8 bits a pixel, else one of 16
 * @param inverted whether the least value is shown white
 * @param window the object's own, else its whole range; of a table its inputs
 * @param minimum least value, padding left out
 * @param maximum greatest value, padding left out
 * @param scale step between two samples' values
 * @param offset value of the sample 0
 * @param samples row-major, interleaved, unsigned, little endian; padding is the one shown darkest
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
    byte[] samples) {
  private static final int MOST = 0xFFFF;

  /**
   * @param center (0028,1050)
   * @param width (0028,1051)
   * @param function (0028,1056)
   */
  public record Window(double center, double width, String function) {

    /** From the one value to the other (PS3.3 C.11.2.1.2.1). */
    private static Window over(double first, double last) {
      return new Window((first + last + 1) / 2, last - first + 1, "LINEAR");
    }
  }

  /**
   * @param frame counted from 1
   * @throws org.m2ib.dicom.UnsupportedPixelsException when the pixels are in a form that is not
   *     read
   * @throws org.m2ib.dicom.DicomException when the object contradicts itself or lacks the frame
   */
  public static ViewerFrame of(DicomObject object, int frame) {
    RawFrame raw = PixelReader.frame(object, frame);
    return raw.photometricInterpretation().startsWith("MONOCHROME")
        ? grey(raw, object)
        : colour(DisplayPipeline.display(raw, object));
  }

  private static ViewerFrame colour(DisplayImage image) {
    byte[] samples = new byte[image.values().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) Math.round(255 * image.values()[i]);
    }
    Window window = Window.over(0, 255);
    return new ViewerFrame(
        image.rows(), image.columns(), true, false, window, 0, 255, 1, 0, samples);
  }

  private static ViewerFrame grey(RawFrame frame, DicomObject header) {
    Padding padding = Padding.of(header, header.integer(Tags.BitsAllocated, 16), frame.signed());
    DoubleUnaryOperator modality = ModalityTransformation.of(header, frame.signed());
    boolean table = !header.sequence(Tags.ModalityLUTSequence).isEmpty();
    int[] whole = new int[frame.values().length]; // a table's entries, else the stored values
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < whole.length; i++) {
      int stored = frame.values()[i];
      whole[i] = table ? (int) modality.applyAsDouble(stored) : stored;
      if (!padding.contains(stored)) {
        min = Math.min(min, whole[i]);
        max = Math.max(max, whole[i]);
      }
    }
    if (min > max) {
      min = max = 0;
    }
    double slope = table ? 1 : modality.applyAsDouble(1) - modality.applyAsDouble(0);
    double intercept = table ? 0 : modality.applyAsDouble(0);
    double step = Math.max(1, ((double) max - min) / MOST); // more than 16 bits lose their last
    double first = min * slope + intercept;
    double last = max * slope + intercept;
    boolean inverted = DisplayPipeline.isInverted(frame, header);
    int dark = inverted == slope > 0 ? (int) Math.round(((double) max - min) / step) : 0;
    ByteBuffer samples = ByteBuffer.allocate(2 * whole.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < whole.length; i++) {
      boolean padded = padding.contains(frame.values()[i]);
      samples.putShort((short) (padded ? dark : Math.round(((double) whole[i] - min) / step)));
    }
    double minimum = Math.min(first, last);
    double maximum = Math.max(first, last);
    return new ViewerFrame(
        frame.rows(),
        frame.columns(),
        false,
        inverted,
        window(header, frame.signed() || minimum < 0, minimum, maximum),
        minimum,
        maximum,
        slope * step,
        first,
        samples.array());
  }

  /** As {@link VoiTransformation} chooses it. */
  private static Window window(DicomObject header, boolean signed, double min, double max) {
    var tables = header.sequence(Tags.VOILUTSequence);
    if (!tables.isEmpty()) {
      LookupTable table = LookupTable.of(tables.get(0), Tags.LUTDescriptor, Tags.LUTData, signed);
      return Window.over(table.first(), table.first() + table.entries().length - 1);
    }
    double[] centers = header.doubles(Tags.WindowCenter);
    double[] widths = header.doubles(Tags.WindowWidth);
    String function = header.string(Tags.VOILUTFunction, "LINEAR");
    boolean usable =
        centers.length > 0
            && widths.length > 0
            && (function.equals("LINEAR") ? widths[0] >= 1 : widths[0] > 0);
    return usable ? new Window(centers[0], widths[0], function) : Window.over(min, max);
  }
}
