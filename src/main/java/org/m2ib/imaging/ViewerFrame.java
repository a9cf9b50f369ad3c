package org.m2ib.imaging;

import java.util.BitSet;
import java.util.List;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.RawFrame;

/**
 * One frame for a viewer, which shows it as the model sees it until a person changes the window. A
 * grey sample stands for a value after the modality transformation, given by {@code values}; colour
 * is RGB as displayed.
 *
 * @param rows (0028,0010)
 * @param columns (0028,0011)
 * @param colour whether a pixel has three 8-bit samples instead of one 16-bit sample
 * @param inverted whether the lowest value is displayed as white
 * @param window initial window: the object's own, else its whole range; for a table its inputs
 * @param minimum lowest value, without padding
 * @param maximum highest value, without padding
 * @param values of the samples, in runs: one if the stored values span at most 16 bits; none for a
 *     colour image
 * @param padding the sample that has no value and is black under every window; -1 if there is none
 * @param samples row-major, interleaved, unsigned, little endian
 * @param greyLevels for each grey sample from 0 on, what the model sees, 0 black to 255 white;
 *     empty for a colour image
 */
public record ViewerFrame(
    int rows,
    int columns,
    boolean colour,
    boolean inverted,
    Window window,
    double minimum,
    double maximum,
    List<Run> values,
    int padding,
    byte[] samples,
    byte[] greyLevels) {
  private static final int MOST = 0xFFFF;

  /** Number of pixels of the small picture that precedes a large frame. */
  private static final long PREVIEW = 1_500_000;

  /**
   * @param center (0028,1050)
   * @param width (0028,1051)
   * @param function (0028,1056), one of the standard's terms
   */
  public record Window(double center, double width, String function) {}

  /**
   * Samples with equally spaced values.
   *
   * @param from the first sample; the run ends where the next begins
   * @param value of the first sample; the mean if it represents several values
   * @param step to the value of the next sample
   */
  public record Run(int from, double value, double step) {}

  /**
   * @param frame counted from 1
   * @throws org.m2ib.dicom.UnsupportedPixelsException if the pixels are in an unsupported form
   * @throws org.m2ib.dicom.DicomException if the object contradicts itself or lacks the frame
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
        image.rows(),
        image.columns(),
        true,
        false,
        window,
        0,
        255,
        List.of(),
        -1,
        samples,
        new byte[0]);
  }

  private static ViewerFrame grey(RawFrame frame, GreyScale grey) {
    ModalityTransformation modality = grey.modality();
    VoiTransformation voi = grey.voi();
    Padding padding = grey.padding();
    boolean table = modality.table() != null;
    int[] whole = frame.values(); // a table's entries, else the stored values
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int stored : whole) {
      if (!padding.contains(stored)) {
        int value = table ? (int) modality.value(stored) : stored;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    if (min > max) {
      min = max = 0;
    }
    SampleScale scale = scale(min, max, modality, voi);
    int last = scale.last();
    byte[] samples = new byte[2 * whole.length];
    for (int i = 0; i < whole.length; i++) {
      int value = table ? (int) modality.value(whole[i]) : whole[i];
      put(samples, i, scale.sample(Math.max(min, Math.min(max, value))));
    }
    int padded = padding.isNone() ? -1 : last < MOST ? last + 1 : free(samples, whole, padding);
    for (int i = 0; padded >= 0 && i < whole.length; i++) {
      if (padding.contains(whole[i])) {
        put(samples, i, padded);
      }
    }
    byte[] levels = new byte[Math.max(last, padded) + 1];
    for (int s = 0; s <= last; s++) {
      double number = scale.number(s);
      levels[s] = GreyScale.level(grey.shown(table ? number : modality.value(number)));
    }
    if (padded >= 0) {
      levels[padded] = 0;
    }
    double slope = table ? 1 : modality.slope();
    double intercept = table ? 0 : modality.intercept();
    List<Run> values =
        scale.runs().stream()
            .map(r -> new Run(r.from(), r.value() * slope + intercept, r.step() * slope))
            .toList();
    double first = min * slope + intercept;
    double end = max * slope + intercept;
    return new ViewerFrame(
        frame.rows(),
        frame.columns(),
        false,
        grey.inverted(),
        new Window(
            voi.center(), voi.width(), voi.function() == null ? "LINEAR" : voi.function().name()),
        Math.min(first, end),
        Math.max(first, end),
        values,
        padded,
        samples,
        levels);
  }

  /** A modality table has at most 16 bits; otherwise the window determines which values matter. */
  private static SampleScale scale(
      int min, int max, ModalityTransformation modality, VoiTransformation voi) {
    boolean windowed = modality.table() == null && (voi.function() != null || voi.table() != null);
    double reach = 2 * voi.width(); // a sigmoid extends beyond its width
    return windowed
        ? SampleScale.of(
            min,
            max,
            (voi.center() - reach - modality.intercept()) / modality.slope(),
            (voi.center() + reach - modality.intercept()) / modality.slope())
        : SampleScale.of(min, max, min, (double) max + 1);
  }

  /**
   * Number of samples, in each direction, per pixel of {@link #preview}; 1 for a frame that needs
   * none.
   */
  public int previewStep() {
    int step = 1;
    while ((long) rows * columns / ((long) step * step) > PREVIEW) {
      step *= 2;
    }
    return step;
  }

  /**
   * A small picture of the frame as the model sees it.
   *
   * @return rows and columns divided by {@link #previewStep}, rounded up: for each square of
   *     samples the mean of their displayed values, 0 black to 255 white; interleaved for colour
   */
  public byte[] preview() {
    return reduced(previewStep());
  }

  /**
   * The frame as the model sees it, reduced.
   *
   * @param step number of samples, in each direction, per pixel
   * @return as {@link #preview}
   */
  public byte[] reduced(int step) {
    int channels = colour ? 3 : 1;
    int width = (columns + step - 1) / step;
    int height = (rows + step - 1) / step;
    byte[] preview = new byte[width * height * channels];
    for (int y = 0; y < height; y++) {
      int bottom = Math.min(rows, (y + 1) * step);
      for (int x = 0; x < width; x++) {
        int right = Math.min(columns, (x + 1) * step);
        for (int c = 0; c < channels; c++) {
          int sum = 0;
          for (int row = y * step; row < bottom; row++) {
            for (int column = x * step; column < right; column++) {
              sum += level((row * columns + column) * channels + c);
            }
          }
          int n = (bottom - y * step) * (right - x * step);
          preview[(y * width + x) * channels + c] = (byte) Math.round((float) sum / n);
        }
      }
    }
    return preview;
  }

  private int level(int at) {
    if (colour) {
      return samples[at] & 0xFF;
    }
    return greyLevels[get(samples, at)] & 0xFF;
  }

  private static void put(byte[] samples, int i, int sample) {
    samples[2 * i] = (byte) sample; // little endian
    samples[2 * i + 1] = (byte) (sample >> 8);
  }

  private static int get(byte[] samples, int i) {
    return samples[2 * i] & 0xFF | (samples[2 * i + 1] & 0xFF) << 8;
  }

  /** A sample that no displayed value uses, for padding; -1 if all are taken. */
  private static int free(byte[] samples, int[] stored, Padding padding) {
    BitSet taken = new BitSet(MOST + 1);
    for (int i = 0; i < stored.length; i++) {
      if (!padding.contains(stored[i])) {
        taken.set(get(samples, i));
      }
    }
    int free = taken.nextClearBit(0);
    return free <= MOST ? free : -1;
  }
}
