package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelReader;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.VoiTransformation.Function;

/** What a viewer makes of a frame by docs/fhir-api.md, against the display pipeline's picture. */
class ViewerFrameTest {

  /** As PS3.3 C.11.2.1.2.1 has it, written here once more. */
  private static double shown(ViewerFrame frame, double value) {
    ViewerFrame.Window w = frame.window();
    double share =
        w.width() == 1
            ? (value <= w.center() - 0.5 ? 0 : 1)
            : Math.max(0, Math.min(1, (value - (w.center() - 0.5)) / (w.width() - 1) + 0.5));
    return frame.inverted() ? 1 - share : share;
  }

  private static double[] values(ViewerFrame frame) {
    ByteBuffer samples = ByteBuffer.wrap(frame.samples()).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[frame.rows() * frame.columns()];
    for (int i = 0; i < values.length; i++) {
      int sample = Short.toUnsignedInt(samples.getShort());
      for (ViewerFrame.Run run : frame.values()) {
        values[i] =
            sample < run.from() ? values[i] : run.value() + (sample - run.from()) * run.step();
      }
    }
    return values;
  }

  private static DicomObject grey(int[] stored, int bits, boolean signed) {
    byte[] pixels = new byte[stored.length * bits / 8];
    ByteBuffer buffer = ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : stored) {
      if (bits == 16) {
        buffer.putShort((short) value);
      } else {
        buffer.putInt(value);
      }
    }
    return DicomFiles.made("1.2.3.4.5")
        .set(Tags.SamplesPerPixel, 1)
        .set(Tags.PhotometricInterpretation, "MONOCHROME2")
        .set(Tags.Rows, 1)
        .set(Tags.Columns, stored.length)
        .set(Tags.BitsAllocated, bits)
        .set(Tags.BitsStored, bits)
        .set(Tags.HighBit, bits - 1)
        .set(Tags.PixelRepresentation, signed ? 1 : 0)
        .set(Tags.PixelData, pixels);
  }

  private static void assertShownAlike(DicomObject object, double tolerance) {
    ViewerFrame frame = ViewerFrame.of(object, 1);
    DisplayImage expected = DisplayPipeline.display(object, 1);
    double[] values = values(frame);
    ByteBuffer samples = ByteBuffer.wrap(frame.samples()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      int sample = Short.toUnsignedInt(samples.getShort());
      assertThat(sample == frame.padding() ? 0 : shown(frame, values[i]))
          .as("pixel " + i)
          .isCloseTo(expected.values()[i], within(tolerance));
    }
    assertSameGreys(object, 1);
  }

  /** To the very level: what the page shows at first and what goes into the model. */
  private static void assertSameGreys(DicomObject object, int number) {
    ViewerFrame frame = ViewerFrame.of(object, number);
    DisplayImage model = DisplayPipeline.display(object, number);
    assertThat(frame.greyLevels()).hasSizeBetween(1, 65536);
    ByteBuffer samples = ByteBuffer.wrap(frame.samples()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : model.values()) {
      int level = frame.greyLevels()[Short.toUnsignedInt(samples.getShort())] & 0xFF;
      assertThat(level).isEqualTo(Math.round(255 * value));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rescale_nan",
        "window_nan",
        "voi_lut_after_rescale_negative",
        "voi_lut_and_window",
        "voi_lut_mono1",
        "voi_lut_empty_item",
        "window_function_lower_case",
        "window_function_unknown",
        "enhanced_sc_per_frame_voi"
      })
  void thePageAndTheModelHaveTheSamePictureToTheGreyLevel(String name) {
    DicomObject object = DicomFiles.read("display/" + name + ".dcm");
    for (int frame = 1; frame <= PixelReader.frameCount(object); frame++) {
      assertSameGreys(object, frame);
      byte[] levels = ViewerFrame.of(object, frame).greyLevels();
      assertThat(IntStream.range(0, levels.length).map(i -> levels[i]).distinct().count())
          .isGreaterThan(50);
    }
  }

  @Property(tries = 300)
  void theSameOfAnyTableFunctionGroupAndPadding(
      @ForAll @Size(min = 1, max = 20) short[] stored,
      @ForAll boolean signed,
      @ForAll boolean monochrome1,
      @ForAll @IntRange(min = -40000, max = 2000) int intercept,
      @ForAll boolean modalityTable,
      @ForAll boolean table,
      @ForAll boolean grouped,
      @ForAll @Size(2) short[] padding,
      @ForAll Function function,
      @ForAll @Size(256) int[] entries) {
    int[] values = new int[stored.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored[i];
    }
    DicomObject object = grey(values, 16, signed);
    object
        .set(Tags.PhotometricInterpretation, monochrome1 ? "MONOCHROME1" : "MONOCHROME2")
        .set(Tags.PixelPaddingValue, padding[0] & 0xFFFF)
        .set(Tags.PixelPaddingRangeLimit, padding[1] & 0xFFFF);
    DicomObject groups = object.addItem(Tags.SharedFunctionalGroupsSequence);
    DicomObject modality = grouped ? groups.addItem(Tags.PixelValueTransformationSequence) : object;
    modality.set(Tags.RescaleIntercept, (double) intercept).set(Tags.RescaleSlope, 1.5);
    DicomObject voi = grouped ? groups.addItem(Tags.FrameVOILUTSequence) : object;
    voi.set(Tags.WindowCenter, 40.0)
        .set(Tags.WindowWidth, 500.0)
        .set(Tags.VOILUTFunction, function.name());
    if (modalityTable && !grouped) {
      table(object, Tags.ModalityLUTSequence, entries);
    }
    if (table) {
      table(voi, Tags.VOILUTSequence, entries);
    }
    assertSameGreys(object, 1);
  }

  @Test
  void paddingIsBlackAlsoWhereATableOfTheModalityTakesAllSixteenBits() {
    DicomObject object = grey(new int[] {0, 0xFFFF, 355}, 16, false);
    int[] entries = new int[256];
    entries[255] = 0xFFFF;
    object.set(Tags.PixelPaddingValue, 1).set(Tags.PixelPaddingRangeLimit, 355);
    table(object, Tags.ModalityLUTSequence, entries);
    table(object, Tags.VOILUTSequence, entries);
    assertSameGreys(object, 1);
  }

  private static void table(DicomObject holder, int sequence, int[] entries) {
    int[] words = IntStream.of(entries).map(entry -> entry & 0xFFFF).toArray();
    holder.addItem(sequence).set(Tags.LUTDescriptor, 256, 100, 16).set(Tags.LUTData, words);
  }

  @Property(tries = 300)
  void aViewerShowsWhatTheModelSees(
      @ForAll @Size(min = 1, max = 20) short[] stored,
      @ForAll boolean signed,
      @ForAll boolean monochrome1,
      @ForAll @IntRange(min = -3, max = 3) int slope,
      @ForAll @IntRange(min = -2000, max = 2000) int intercept,
      @ForAll boolean windowed,
      @ForAll @IntRange(min = 1, max = 5000) int width) {
    int[] values = new int[stored.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored[i];
    }
    DicomObject object = grey(values, 16, signed);
    object.set(Tags.PhotometricInterpretation, monochrome1 ? "MONOCHROME1" : "MONOCHROME2");
    if (slope != 0) {
      object.set(Tags.RescaleSlope, slope / 2.0).set(Tags.RescaleIntercept, (double) intercept);
    }
    if (windowed) {
      object.set(Tags.WindowCenter, 40.0).set(Tags.WindowWidth, (double) width);
    }
    assertShownAlike(object, 1e-5);
  }

  @Test
  void aTablesEntriesAreTheValuesAndItsInputsTheWindow() {
    DicomObject object = grey(new int[] {0, 1, 2, 3, 4, 5}, 16, false);
    object
        .addItem(Tags.ModalityLUTSequence)
        .set(Tags.LUTDescriptor, 6, 0, 16)
        .set(Tags.LUTData, 0, 100, 300, 600, 1000, 1500);
    ViewerFrame frame = ViewerFrame.of(object, 1);
    assertThat(values(frame)).containsExactly(0, 100, 300, 600, 1000, 1500);
    assertThat(frame.minimum()).isZero();
    assertThat(frame.maximum()).isEqualTo(1500);

    object
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 256, 200, 8)
        .set(Tags.LUTData, new int[256]);
    ViewerFrame.Window window = ViewerFrame.of(object, 1).window();
    assertThat(window.center() - 0.5 - (window.width() - 1) / 2).isEqualTo(200);
    assertThat(window.center() - 0.5 + (window.width() - 1) / 2).isEqualTo(455);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MONOCHROME1", "MONOCHROME2"})
  void paddingIsDarkAndDoesNotWidenTheRange(String photometric) {
    for (double slope : new double[] {2, -2}) {
      DicomObject object =
          grey(new int[] {-2000, 100, 300, 200}, 16, true)
              .set(Tags.PhotometricInterpretation, photometric)
              .set(Tags.PixelPaddingValue, -2000)
              .set(Tags.RescaleSlope, slope)
              .set(Tags.RescaleIntercept, 10.0);
      ViewerFrame frame = ViewerFrame.of(object, 1);
      assertThat(frame.minimum()).isEqualTo(slope > 0 ? 210 : -590);
      assertThat(frame.maximum()).isEqualTo(slope > 0 ? 610 : -190);
      assertShownAlike(object, 1e-6);
    }
  }

  @Test
  void valuesOfMoreThanSixteenBitsAreRoundedToWhatSixteenTell() {
    ViewerFrame frame = ViewerFrame.of(grey(new int[] {-5, 1 << 20, 1 << 24}, 32, true), 1);
    double half = 0.51 * (1 << 24) / 49151; // of a step
    double[] values = values(frame);
    assertThat(values[0]).isCloseTo(-5, within(half));
    assertThat(values[1]).isCloseTo(1 << 20, within(half));
    assertThat(values[2]).isCloseTo(1 << 24, within(half));
    assertThat(frame.minimum()).isEqualTo(-5);
    assertThat(frame.maximum()).isEqualTo(1 << 24);
  }

  @Property(tries = 300)
  void aNarrowWindowOfWideValuesKeepsItsGreys(
      @ForAll @Size(min = 2, max = 40) int[] stored,
      @ForAll @IntRange(min = 1, max = 5000) int width,
      @ForAll int center,
      @ForAll Function function,
      @ForAll boolean down) {
    int[] values = stored.clone();
    for (int i = 0; i < values.length / 2; i++) { // half of them about the window
      values[i] =
          (int) Math.max(-(1L << 31), Math.min((1L << 31) - 1, (long) center + values[i] % 4000));
    }
    DicomObject object =
        grey(values, 32, true)
            .set(Tags.RescaleSlope, down ? -0.5 : 1.0)
            .set(Tags.RescaleIntercept, 3.0)
            .set(Tags.WindowCenter, (double) center * (down ? -0.5 : 1))
            .set(Tags.WindowWidth, (double) width)
            .set(Tags.VOILUTFunction, function.name());
    ViewerFrame frame = ViewerFrame.of(object, 1);
    DisplayImage model = DisplayPipeline.display(object, 1);
    ByteBuffer samples = ByteBuffer.wrap(frame.samples()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : model.values()) {
      int level = frame.greyLevels()[Short.toUnsignedInt(samples.getShort())] & 0xFF;
      assertThat((float) level).isCloseTo(255 * value, within(1f));
    }
  }

  @Test
  void thePreviewOfALargeFrameIsTheMeanOfWhatTheModelSees() {
    int rows = 1301;
    int columns = 1203;
    int[] stored = new int[rows * columns];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (int) (i * 2654435761L >>> 20 & 0xFFF);
    }
    DicomObject object =
        grey(stored, 16, false)
            .set(Tags.Rows, rows)
            .set(Tags.Columns, columns)
            .set(Tags.WindowCenter, 2000.0)
            .set(Tags.WindowWidth, 500.0)
            .set(Tags.PhotometricInterpretation, "MONOCHROME1");
    ViewerFrame frame = ViewerFrame.of(object, 1);
    assertThat(frame.previewStep()).isEqualTo(2);
    byte[] preview = frame.preview();
    assertThat(preview).hasSize(651 * 602);
    float[] model = DisplayPipeline.display(object, 1).values();
    for (int y = 0; y < 651; y += 13) {
      for (int x = 0; x < 602; x++) {
        float sum = 0;
        int n = 0;
        for (int row = 2 * y; row < Math.min(rows, 2 * y + 2); row++) {
          for (int column = 2 * x; column < Math.min(columns, 2 * x + 2); column++) {
            sum += 255 * model[row * columns + column];
            n++;
          }
        }
        assertThat((float) (preview[y * 602 + x] & 0xFF)).isCloseTo(sum / n, within(1f));
      }
    }
    assertThat(ViewerFrame.of(grey(new int[] {1, 2}, 16, false), 1).previewStep()).isEqualTo(1);
  }

  @Test
  void anImageOfPaddingAloneIsDark() {
    DicomObject object = grey(new int[] {7, 7}, 16, false).set(Tags.PixelPaddingValue, 7);
    ViewerFrame frame = ViewerFrame.of(object, 1);
    assertSameGreys(object, 1);
    assertThat(frame.greyLevels()).containsOnly(0);
    assertThat(frame.minimum()).isEqualTo(frame.maximum()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SC_ybr_full_422_uncompressed.dcm",
        "pixels/SC_rgb_small_odd.dcm",
        "OBXXXX1A_rle.dcm"
      })
  void colourIsAsShown(String name) {
    DicomObject object = DicomFiles.read(name);
    ViewerFrame frame = ViewerFrame.of(object, 1);
    DisplayImage expected = DisplayPipeline.display(object, 1);
    assertThat(frame.colour()).isTrue();
    assertThat(frame.inverted()).isFalse();
    assertThat(frame.samples()).hasSize(3 * frame.rows() * frame.columns());
    for (int i = 0; i < frame.samples().length; i += 97) {
      assertThat(frame.samples()[i] & 0xFF).isEqualTo(Math.round(255 * expected.values()[i]));
    }
    assertThat(shown(frame, 0)).isZero();
    assertThat(shown(frame, 255)).isEqualTo(1);
  }
}
