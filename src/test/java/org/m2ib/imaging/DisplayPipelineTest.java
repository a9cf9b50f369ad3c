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
    return DisplayPipeline.display(frame, header).values();
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
    header.set(Tags.WindowWidth, 5.0).set(Tags.VOILUTFunction, "CURVED");
    assertThatThrownBy(() -> show(frame("MONOCHROME2", 1), header))
        .isInstanceOf(DicomException.class)
        .hasMessageContaining("(0028,1056)");
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
