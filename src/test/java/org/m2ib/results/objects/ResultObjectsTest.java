package org.m2ib.results.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.SecondaryCapture;

/** What the objects of results have in common, and where their pixels lie. */
class ResultObjectsTest {
  private static List<ObjectKinds.Kind> kinds() {
    return ObjectKinds.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anObjectThatAnArchiveSendsBackIsNeverAttributed(ObjectKinds.Kind kind) throws Exception {
    DicomObject object = kind.builder().apply(ObjectSources.bare(1));
    DicomObject back = DicomObject.read(new ByteArrayInputStream(DicomFiles.bytes(object)));
    assertThat(SecondaryCapture.isOne(back)).isTrue();
    ImageSelection.Choice choice =
        ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne).choose(back);
    assertThat(choice.chosen()).isFalse();
    assertThat(choice.reason()).isEqualTo("it is itself an attribution");
    back.set(Tags.SeriesDescription, "changed by the archive");
    assertThat(SecondaryCapture.isOne(back)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSameResultsGiveTheSameBytes(ObjectKinds.Kind kind) throws Exception {
    DicomObject source = ObjectSources.all().get("geometry and zone");
    assertThat(DicomFiles.bytes(kind.builder().apply(source)))
        .isEqualTo(DicomFiles.bytes(kind.builder().apply(source)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void patientAndStudyAreTheSources(ObjectKinds.Kind kind) throws Exception {
    for (DicomObject source : ObjectSources.all().values()) {
      DicomObject object = kind.builder().apply(source);
      for (int tag :
          new int[] {
            Tags.PatientName, Tags.PatientID, Tags.StudyInstanceUID, Tags.AccessionNumber
          }) {
        assertThat(object.string(tag)).isEqualTo(source.string(tag));
      }
      assertThat(object.tags()).contains(Tags.PatientBirthDate, Tags.PatientSex, Tags.StudyID);
      assertThat(object.string(Tags.SeriesInstanceUID))
          .isNotEqualTo(source.string(Tags.SeriesInstanceUID));
    }
  }

  @Test
  void everyKindHasItsOwnSeriesAndInstance() {
    Set<String> series = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    Set<String> instances = new HashSet<>();
    for (ObjectKinds.Kind kind : kinds()) {
      DicomObject object = kind.builder().apply(ObjectSources.bare(1));
      assertThat(series.add(object.string(Tags.SeriesInstanceUID))).as(kind.name()).isTrue();
      assertThat(numbers.add(object.string(Tags.SeriesNumber))).as(kind.name()).isTrue();
      assertThat(instances.add(object.string(Tags.SOPInstanceUID))).as(kind.name()).isTrue();
    }
  }

  @Test
  void whatReplacesARejectedObjectHasANewIdentifierInTheSameSeries() {
    SentenceResult result = ObjectSources.result(ObjectSources.bare(1));
    SentenceResult anew = result.after(result.capture(), true);
    for (ResultObject kind : ResultObject.values()) {
      assertThat(kind.rejected(result, false)).isEmpty();
      assertThat(kind.rejected(anew, false)).containsExactly(kind.of(result));
      assertThat(kind.rejected(anew, true)).containsExactly(kind.of(result), kind.of(anew));
      assertThat(kind.of(anew).sopInstanceUid()).isNotEqualTo(kind.of(result).sopInstanceUid());
      assertThat(kind.of(anew).seriesInstanceUid()).isEqualTo(kind.of(result).seriesInstanceUid());
    }
  }

  private static DicomObject group(DicomObject map, int sequence) {
    return map.sequence(Tags.SharedFunctionalGroupsSequence).get(0).sequence(sequence).get(0);
  }

  /** The middle 60 x 60 of 60 x 80 pixels in 7 x 7 patches, of 0.143 by 0.2 millimetres. */
  @Test
  void aMapsPatchesHaveTheirSizeAndPlaceInTheSource() throws Exception {
    DicomObject source = ObjectSources.all().get("geometry and zone");
    DicomObject map = new ParametricMap(9800, "1").of(ObjectSources.result(source), source, 1);
    double[] spacing = group(map, Tags.PixelMeasuresSequence).doubles(Tags.PixelSpacing);
    assertThat(spacing[0]).isCloseTo(0.143 * 60 / 7, within(1e-9));
    assertThat(spacing[1]).isCloseTo(0.2 * 60 / 7, within(1e-9));
    double[] at = group(map, Tags.PlanePositionSequence).doubles(Tags.ImagePositionPatient);
    assertThat(at[0]).isCloseTo(0.2 * (10 + 60 / 14.0 - 0.5), within(1e-9));
    assertThat(at[1]).isCloseTo(0.143 * (60 / 14.0 - 0.5), within(1e-9));
    assertThat(map.string(Tags.ImageComments))
        .startsWith("The map covers columns 10.00 to 70.00 and rows 0.00 to 60.00 of the source");
  }

  @Test
  void aSlicesMapLiesInThePatientWhereTheSliceDoes() throws Exception {
    DicomObject source = DicomFiles.read("CT_small.dcm");
    DicomObject map = new ParametricMap(9800, "1").of(ObjectSources.result(source), source, 1);
    assertThat(map.string(Tags.FrameOfReferenceUID))
        .isEqualTo(source.string(Tags.FrameOfReferenceUID));
    assertThat(group(map, Tags.PlaneOrientationSequence).doubles(Tags.ImageOrientationPatient))
        .isEqualTo(source.doubles(Tags.ImageOrientationPatient));
    double[] at = group(map, Tags.PlanePositionSequence).doubles(Tags.ImagePositionPatient);
    double[] first = source.doubles(Tags.ImagePositionPatient);
    double inner = 128 / 14.0 - 0.5;
    double spacing = source.doubles(Tags.PixelSpacing)[0];
    assertThat(at[0]).isCloseTo(first[0] + inner * spacing, within(1e-6));
    assertThat(at[1]).isCloseTo(first[1] + inner * spacing, within(1e-6));
    assertThat(at[2]).isEqualTo(first[2]);
  }

  private static HotRegion region(String... rows) {
    double[][] map = new double[rows.length][rows[0].length()];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[0].length(); x++) {
        map[y][x] = " .x#".indexOf(rows[y].charAt(x)) / 3.0;
      }
    }
    Geometry geometry =
        new Geometry(10 * rows.length, 10 * rows[0].length(), 224, 224, 0, 0, 224, 224);
    return of(map, geometry);
  }

  private static HotRegion of(double[][] map, Geometry geometry) {
    SentenceResult.Image image = MadeResults.image("1.2", 1, 1, geometry);
    SentenceResult made = MadeResults.result("Clear.", image);
    return HotRegion.of(MadeResults.with(made, MadeResults.attribution(map)));
  }

  @Test
  void theOutlineFollowsThePatchesThatAreConnectedToTheHottest() {
    HotRegion region =
        region(
            "    ", //
            " #. ", " xx ", "   x");
    assertThat(region.outline())
        .as("an L; the patch at its corner is not connected by an edge")
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(closed(region.outline(), 10, 10, 20, 10, 20, 20, 30, 20, 30, 30, 10, 30));
    assertThat(region.area()).isEqualTo(300);
    assertThat(region.contains(15, 15)).isTrue();
    assertThat(region.contains(15, 25)).as("below half").isFalse();
    assertThat(region.contains(35, 35)).isFalse();
  }

  /** The same polygon, beginning where the given outline does. */
  private static double[] closed(double[] outline, double... points) {
    int n = points.length;
    for (int shift = 0; shift < n; shift += 2) {
      if (Math.abs(points[shift] - outline[0]) < 1e-9
          && Math.abs(points[shift + 1] - outline[1]) < 1e-9) {
        double[] closed = new double[n + 2];
        for (int i = 0; i < n + 2; i++) {
          closed[i] = points[(shift + i) % n];
        }
        return closed;
      }
    }
    return points;
  }

  @Test
  void aHoleIsNotPartOfTheRegionButTheOutlineIsTheOuterOne() {
    HotRegion region = region("#xx", "x x", "xxx");
    assertThat(region.outline()).hasSize(2 * 5);
    assertThat(region.contains(15, 15)).isFalse();
    assertThat(region.area()).isEqualTo(800);
  }

  @Test
  void twoPatchesThatTouchAtACornerAreOneOutlineWithTheirBridge() {
    HotRegion region = region("#xx", "x x", "xx ");
    assertThat(region.outline()).isNotEmpty();
    assertThat(region.area()).isEqualTo(700);
  }

  /** One row of 200 pixels, enlarged until it is 224 high: a patch is less than a pixel. */
  @Test
  void whereNoPixelsCentreIsHotThePixelsThatItTouchesAre() {
    Geometry enlarged = new Geometry(1, 200, 224, 44800, 0, 22288, 224, 224);
    double[][] map = new double[7][7];
    map[0][0] = 1;
    HotRegion region = of(map, enlarged);
    assertThat(region.isEmpty()).isFalse();
    assertThat(region.contains(0, 99)).isTrue();
    assertThat(region.area()).isEqualTo(1);
    Geometry flat = new Geometry(1, 224, 224, 224, 0, 0, 224, 224);
    map[0][1] = 1;
    assertThat(of(map, flat).area()).as("two patches of 32 columns").isEqualTo(64);
  }

  @Test
  void aFlatMapAndOneWhoseHotRegionIsInThePaddingHaveNone() {
    Geometry padded = new Geometry(100, 50, 224, 112, 0, -56, 224, 224);
    assertThat(of(new double[4][4], padded).isEmpty()).isTrue();
    double[][] outside = new double[4][4];
    outside[1][0] = 1;
    assertThat(of(outside, padded).isEmpty()).isTrue();
    double[][] half = new double[2][2];
    half[0][0] = 1;
    double[] outline = of(half, padded).outline();
    assertThat(outline)
        .as("cut at the image's edge")
        .containsExactly(closed(outline, 0, 0, 25, 0, 25, 50, 0, 50));
  }
}
