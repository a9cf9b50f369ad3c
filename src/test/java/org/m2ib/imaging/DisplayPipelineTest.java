package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RawFrame;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.UnsupportedPixelsException;

/** What a person sees, against pydicom's values (src/test/python/preprocessing.py) and by hand. */
class DisplayPipelineTest {

  @TestFactory
  Stream<DynamicTest> imagesLookAsPydicomShowsThem() throws Exception {
    JsonNode goldens =
        new ObjectMapper().readTree(Path.of("src/test/resources/imaging/display.json").toFile());
    return goldens.properties().stream()
        .map(g -> dynamicTest(g.getKey(), () -> compare(g.getKey(), g.getValue())));
  }

  private static void compare(String name, JsonNode golden) {
    DisplayImage image = DisplayPipeline.display(DicomFiles.read(name), 1);
    double sum = 0;
    for (float value : image.values()) {
      assertThat(value).isBetween(0f, 1f);
      sum += value;
    }
    assertThat(255 * sum / image.values().length)
        .isCloseTo(golden.get("mean").asDouble(), within(0.7));
    for (int i = 0; i < golden.get("at").size(); i++) {
      double expected = golden.get("values").get(i).asDouble();
      double shown = 255 * image.values()[golden.get("at").get(i).asInt()];
      // one level for rounding; colours of lossy pictures may differ by two more
      assertThat(shown).isCloseTo(expected, within(image.channels() == 3 ? 3.0 : 1.0));
    }
  }

  private static RawFrame frame(String photometric, int... values) {
    return new RawFrame(1, values.length, 1, photometric, 8, false, values);
  }

  private static DicomObject header() {
    return DicomObject.create().set(Tags.BitsAllocated, 16);
  }

  private static float[] show(RawFrame frame, DicomObject header) {
    return DisplayPipeline.display(frame, header, 1).values();
  }

  @Test
  void withoutAWindowTheWholeRangeIsShown() {
    assertThat(show(frame("MONOCHROME2", 10, 20, 30), header())).containsExactly(0, 0.5f, 1);
    assertThat(show(frame("MONOCHROME1", 10, 20, 30), header())).containsExactly(1, 0.5f, 0);
    assertThat(show(frame("MONOCHROME2", 7, 7), header())).containsExactly(0, 0);
  }

  @Test
  void inverseTogetherWithMonochrome1InvertsOnce() {
    DicomObject inverse = header().set(Tags.PresentationLUTShape, "INVERSE");
    assertThat(show(frame("MONOCHROME1", 10, 20, 30), inverse)).containsExactly(1, 0.5f, 0);
    assertThat(show(frame("MONOCHROME2", 10, 20, 30), inverse)).containsExactly(1, 0.5f, 0);
  }

  @Test
  void paddingIsBlackAndDoesNotStretchTheRange() {
    DicomObject header = header().set(Tags.PixelPaddingValue, 200);
    assertThat(show(frame("MONOCHROME1", 200, 10, 20, 30), header)).containsExactly(0, 1, 0.5f, 0);
    header.set(Tags.PixelPaddingRangeLimit, 150);
    assertThat(show(frame("MONOCHROME2", 160, 10, 30, 200), header)).containsExactly(0, 0, 1, 0);
    assertThat(show(frame("MONOCHROME2", 160, 200), header)).containsExactly(0, 0);
  }

  @Test
  void theFirstOfSeveralWindowsIsTakenAfterTheRescale() {
    DicomObject header =
        header()
            .set(Tags.RescaleSlope, 2.0)
            .set(Tags.RescaleIntercept, -100.0)
            .set(Tags.WindowCenter, 0.5, 500)
            .set(Tags.WindowWidth, 101.0, 7);
    assertThat(show(frame("MONOCHROME2", 0, 25, 50, 75, 90), header))
        .containsExactly(0, 0, 0.5f, 1, 1);
  }

  @Test
  void windowFunctionsAreThoseOfTheStandard() {
    DicomObject header = header().set(Tags.WindowCenter, 50.0).set(Tags.WindowWidth, 20.0);
    assertThat(
            show(frame("MONOCHROME2", 40, 50, 60), header.set(Tags.VOILUTFunction, "LINEAR_EXACT")))
        .containsExactly(0, 0.5f, 1);
    float[] sigmoid =
        show(frame("MONOCHROME2", 45, 50), header.set(Tags.VOILUTFunction, "SIGMOID"));
    assertThat(sigmoid[0]).isCloseTo((float) (1 / (1 + Math.E)), within(1e-6f));
    assertThat(sigmoid[1]).isEqualTo(0.5f);
    header.set(Tags.VOILUTFunction, "LINEAR").set(Tags.WindowWidth, 1.0);
    assertThat(show(frame("MONOCHROME2", 49, 50), header)).containsExactly(0, 1);
    header.set(Tags.WindowWidth, 0.0);
    assertThat(show(frame("MONOCHROME2", 10, 30), header)).containsExactly(0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "Sigmoid, SIGMOID",
    "' sigmoid ', SIGMOID",
    "linear exact, LINEAR_EXACT",
    "Linear_Exact, LINEAR_EXACT",
    "linear, LINEAR",
    "LOG, LINEAR",
    "'', LINEAR"
  })
  void aWindowFunctionIsKnownInAnyCaseAndAnUnknownOneIsLinear(String written, String meant) {
    DicomObject header = header().set(Tags.WindowCenter, 50.0).set(Tags.WindowWidth, 20.0);
    RawFrame frame = frame("MONOCHROME2", 43, 50, 55);
    float[] expected = show(frame, header.set(Tags.VOILUTFunction, meant));
    assertThat(show(frame, header.set(Tags.VOILUTFunction, written))).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "0x1p3", "20d", "20f", "1e999", "AUTO"})
  void aWindowThatIsNoDecimalStringCountsAsAbsent(String value) {
    RawFrame frame = frame("MONOCHROME2", 10, 20, 30);
    DicomObject header = header().set(Tags.WindowCenter, value).set(Tags.WindowWidth, "20");
    assertThat(show(frame, header)).containsExactly(0, 0.5f, 1);
    header.set(Tags.WindowCenter, "20").set(Tags.WindowWidth, value);
    assertThat(show(frame, header)).containsExactly(0, 0.5f, 1);
    header
        .set(Tags.WindowCenter, "20.5")
        .set(Tags.WindowWidth, "21")
        .set(Tags.RescaleSlope, value)
        .set(Tags.RescaleIntercept, value);
    assertThat(show(frame, header)).containsExactly(0, 0.5f, 1);
  }

  @Test
  void rescaledValuesThatAreNoNumbersAreRefused() {
    DicomObject header = header().set(Tags.RescaleSlope, "1e308");
    assertThatThrownBy(() -> show(frame("MONOCHROME2", 0, 30), header))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("(0028,1053)");
    header.set(Tags.RescaleSlope, "1e307").set(Tags.RescaleIntercept, "-1e308");
    assertThatThrownBy(() -> show(frame("MONOCHROME2", 0, 27), header))
        .isInstanceOf(DicomException.class);
  }

  /** PS3.3 C.11.2.1.1: possible by rescale and stored bits, whatever the image holds. */
  @Test
  void aTablesFirstInputIsSignedWhereValuesBelowZeroArePossible() {
    DicomObject header = header().set(Tags.RescaleIntercept, -1024.0);
    header
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 3, 0x10000 - 1024, 8)
        .set(Tags.LUTData, 0, 51, 255);
    RawFrame high = new RawFrame(1, 4, 1, "MONOCHROME2", 12, false, new int[] {2000, 1, 1, 2047});
    assertThat(show(high, header)).containsExactly(1, 0.2f, 0.2f, 1);
    RawFrame low = new RawFrame(1, 2, 1, "MONOCHROME2", 12, false, new int[] {1500, 2000});
    assertThat(show(low, header)).containsExactly(1, 1); // nothing here is below 0

    header.set(Tags.RescaleIntercept, 0.0);
    header.sequence(Tags.VOILUTSequence).get(0).set(Tags.LUTDescriptor, 3, 40000, 8);
    RawFrame unsigned =
        new RawFrame(1, 3, 1, "MONOCHROME2", 16, false, new int[] {40000, 40001, 40002});
    assertThat(show(unsigned, header)).containsExactly(0, 0.2f, 1);
  }

  /** PS3.3 C.11.1.1.1: a modality table's entries are unsigned, also of signed pixels. */
  @Test
  void aTableAfterAModalityTableIsUnsigned() {
    DicomObject header = header();
    header
        .addItem(Tags.ModalityLUTSequence)
        .set(Tags.LUTDescriptor, 2, 0xFFFF, 16)
        .set(Tags.LUTData, 40000, 40001);
    header
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 2, 40000, 8)
        .set(Tags.LUTData, 0, 255);
    RawFrame frame = new RawFrame(1, 2, 1, "MONOCHROME2", 16, true, new int[] {-1, 0});
    assertThat(show(frame, header)).containsExactly(0, 1);
  }

  @Test
  void aTableThatIsEmptyOrUnfinishedGivesWayToTheWindow() {
    DicomObject header = header();
    DicomObject voi = header.addItem(Tags.VOILUTSequence);
    DicomObject modality = header.addItem(Tags.ModalityLUTSequence);
    assertThat(show(frame("MONOCHROME2", 10, 20, 30), header)).containsExactly(0, 0.5f, 1);
    header.set(Tags.WindowCenter, 20.5).set(Tags.WindowWidth, 11.0);
    assertThat(show(frame("MONOCHROME2", 10, 20, 25), header)).containsExactly(0, 0.5f, 1);
    voi.set(Tags.LUTDescriptor, 3, 0, 8);
    modality.set(Tags.LUTData, 1, 2, 3);
    header.set(Tags.RescaleSlope, 1.0);
    assertThat(show(frame("MONOCHROME2", 10, 20, 25), header)).containsExactly(0, 0.5f, 1);
    header.remove(Tags.WindowCenter);
    assertThatThrownBy(() -> show(frame("MONOCHROME2", 1), header))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("(0028,3006)");
    header.addItem(Tags.VOILUTSequence).set(Tags.LUTDescriptor, 2, 19, 8).set(Tags.LUTData, 0, 255);
    assertThat(show(frame("MONOCHROME2", 10, 20, 25), header)).containsExactly(0, 1, 1);
  }

  /** PS3.3 C.7.6.16.2.9 and C.7.6.16.2.10. */
  @Test
  void aFramesOwnFunctionalGroupsGoBeforeThoseThatAllShareAndThoseBeforeTheDataSet() {
    RawFrame frame = frame("MONOCHROME2", 10, 20, 30);
    DicomObject object = header().set(Tags.WindowCenter, 1000.0).set(Tags.WindowWidth, 1.0);
    DicomObject shared = object.addItem(Tags.SharedFunctionalGroupsSequence);
    shared.addItem(Tags.PixelValueTransformationSequence).set(Tags.RescaleIntercept, -20.0);
    window(shared, 0.5, 21);
    assertThat(show(frame, object)).containsExactly(0, 0.5f, 1);

    object.addItem(Tags.PerFrameFunctionalGroupsSequence);
    DicomObject second = object.addItem(Tags.PerFrameFunctionalGroupsSequence);
    second.addItem(Tags.FrameVOILUTSequence); // says nothing
    assertThat(DisplayPipeline.display(frame, object, 2).values()).containsExactly(0, 0.5f, 1);
    second.remove(Tags.FrameVOILUTSequence);
    window(second, -9.5, 21);
    assertThat(show(frame, object)).containsExactly(0, 0.5f, 1);
    assertThat(DisplayPipeline.display(frame, object, 2).values()).containsExactly(0.5f, 1, 1);
    assertThat(DisplayPipeline.display(frame, object, 3).values()).containsExactly(0, 0.5f, 1);

    second.remove(Tags.FrameVOILUTSequence);
    second
        .addItem(Tags.FrameVOILUTSequence)
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 2, 0, 8)
        .set(Tags.LUTData, 255, 0);
    assertThat(DisplayPipeline.display(frame, object, 2).values()).containsExactly(1, 1, 0);
  }

  @Test
  void aFrameWithoutTheFunctionalGroupsThatOthersHaveIsRefused() {
    RawFrame frame = frame("MONOCHROME2", 10, 20, 30);
    DicomObject object = header();
    window(object.addItem(Tags.PerFrameFunctionalGroupsSequence), 20, 21);
    assertThat(show(frame, object)).hasSize(3);
    assertThatThrownBy(() -> DisplayPipeline.display(frame, object, 2))
        .hasMessageContaining("frame 2 has no functional groups, there are those of 1, at (5200,");
  }

  private static void window(DicomObject group, double center, double width) {
    group
        .addItem(Tags.FrameVOILUTSequence)
        .set(Tags.WindowCenter, center)
        .set(Tags.WindowWidth, width);
  }

  @Test
  void aModalityTableTakesThePlaceOfSlopeAndIntercept() {
    DicomObject header = header();
    header
        .addItem(Tags.ModalityLUTSequence)
        .set(Tags.LUTDescriptor, 3, 10, 16)
        .set(Tags.LUTData, 5, 1000, 9);
    assertThat(show(frame("MONOCHROME2", 9, 10, 11, 12, 13), header))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(0, 0, 1, 4 / 995f, 4 / 995f);
  }

  @Test
  void aTableThatIsTooShortNamesItself() {
    DicomObject header = header();
    header
        .addItem(Tags.VOILUTSequence)
        .set(Tags.LUTDescriptor, 300, 0, 8)
        .set(Tags.LUTData, 5, 6, 7);
    assertThatThrownBy(() -> show(frame("MONOCHROME2", 1), header))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("300 entries has 3")
        .hasMessageContaining("(0028,3006)");
  }

  @Test
  void segmentedPalettesAreNotReadAndSaySo() {
    DicomObject header =
        header().set(Tags.SegmentedRedPaletteColorLookupTableData, new byte[] {0, 1});
    assertThatThrownBy(() -> show(frame("PALETTE COLOR", 1), header))
        .isInstanceOf(UnsupportedPixelsException.class)
        .hasMessageContaining("segmented");
  }
}
