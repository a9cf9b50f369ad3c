package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.imaging.Geometry;

class MapLocationTest {
  /** 700 rows and 900 columns at half size, the middle 320 x 320 of them: patches of 80 pixels. */
  private static final Geometry CROPPED = new Geometry(700, 900, 350, 450, 15, 65, 320, 320);

  /** A grid of 8 x 8 that is hot in one patch. */
  private static double[][] hot(int row, int column) {
    double[][] scaled = new double[8][8];
    scaled[row][column] = 1;
    return scaled;
  }

  private static int[] box(MapLocation place) {
    return new int[] {place.left(), place.top(), place.right(), place.bottom()};
  }

  @Test
  void oneHotPatchIsPeakCentroidAndBox() {
    MapLocation place = MapLocation.of(hot(2, 5), CROPPED, null);
    // columns 130 + 5 * 80 to 130 + 6 * 80, rows 30 + 2 * 80 to 30 + 3 * 80, by hand
    assertThat(place.peakX()).isCloseTo(570, within(1e-9));
    assertThat(place.peakY()).isCloseTo(230, within(1e-9));
    assertThat(place.centroidX()).isCloseTo(570, within(1e-9));
    assertThat(place.centroidY()).isCloseTo(230, within(1e-9));
    assertThat(place.areaAboveHalf()).isEqualTo(1 / 64.0);
    assertThat(box(place)).containsExactly(530, 190, 610, 270);
  }

  @Test
  void exactlyHalfIsNotAboveHalf() {
    double[][] scaled = hot(0, 0);
    scaled[7][7] = 0.5;
    assertThat(MapLocation.of(scaled, CROPPED, null).areaAboveHalf()).isEqualTo(1 / 64.0);
  }

  @Test
  void theCentroidWeighsThePatches() {
    double[][] scaled = hot(3, 1);
    scaled[3][5] = 1 / 3.0;
    // by hand: (1 * 250 + 1/3 * 570) / (4/3)
    assertThat(MapLocation.of(scaled, CROPPED, null).centroidX()).isCloseTo(330, within(1e-9));
  }

  @Test
  void aFlatMapPointsNowhereAndHasNoArea() {
    MapLocation place = MapLocation.of(new double[8][8], CROPPED, "L\\F");
    assertThat(place.peakX()).isCloseTo(450, within(1e-9));
    assertThat(place.peakY()).isCloseTo(350, within(1e-9));
    assertThat(place.centroidX()).isCloseTo(450, within(1e-9));
    assertThat(place.centroidY()).isCloseTo(350, within(1e-9));
    assertThat(place.areaAboveHalf()).isZero();
    assertThat(box(place)).containsExactly(0, 0, 0, 0);
    assertThat(place.imageSide()).isEqualTo("nowhere");
    assertThat(place.patientSide()).isEqualTo("nowhere");
    assertThat(place.zone()).isEqualTo("nowhere");
    assertThat(place.pointsNowhere()).isTrue();
    assertThat(MapLocation.of(hot(0, 0), CROPPED, "L\\F").pointsNowhere()).isFalse();
  }

  @Test
  void whatLiesInThePaddingIsCutToTheImage() {
    // 100 x 100 laid into a square of 300 x 300 with 100 of padding all round
    Geometry padded = new Geometry(100, 100, 100, 100, -100, -100, 300, 300);
    MapLocation corner =
        MapLocation.of(new double[][] {{1, 0, 0}, {0, 0, 0}, {0, 0, 0}}, padded, null);
    assertThat(corner.peakX()).isZero();
    assertThat(corner.peakY()).isZero();
    MapLocation middle =
        MapLocation.of(new double[][] {{0, 0, 0}, {0, 1, 1}, {0, 0, 0}}, padded, null);
    assertThat(box(middle)).containsExactly(0, 0, 100, 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # row\\column | hot row | hot column | patient side | zone
          L\\F   | 0 | 0 | right   | upper
          L\\F   | 7 | 7 | left    | lower
          L\\F   | 4 | 4 | midline | mid
          R\\F   | 0 | 0 | left    | upper
          R\\H   | 0 | 7 | right   | lower
          L\\H   | 7 | 0 | right   | upper
          F\\L   | 0 | 7 | right   | lower
          F\\R   | 7 | 0 | right   | upper
          H\\R   | 0 | 7 | left    | upper
          LF\\FR | 0 | 0 | right   | upper
          RH\\FR | 7 | 7 | right   | lower
          LA\\F  | 0 | 0 | unknown | upper
          RFP\\F | 0 | 0 | unknown | upper
          A\\F   | 0 | 0 | unknown | upper
          P\\H   | 0 | 7 | unknown | lower
          L\\P   | 7 | 7 | left    | unknown
          R\\A   | 0 | 0 | left    | unknown
          L\\L   | 0 | 0 | unknown | upper
          L\\R   | 0 | 0 | unknown | upper
          LR\\F  | 0 | 0 | unknown | upper
          RO\\CD | 0 | 0 | unknown | upper
          LE\\CD | 7 | 7 | unknown | lower
          L      | 0 | 0 | unknown | upper
          ''     | 7 | 0 | unknown | lower
                 | 7 | 0 | unknown | lower
          """)
  void theOrientationTellsSideAndZone(
      String orientation, int row, int column, String side, String zone) {
    MapLocation place = MapLocation.of(hot(row, column), MadeResults.whole(500, 500), orientation);
    assertThat(place.patientSide()).isEqualTo(side);
    assertThat(place.zone()).isEqualTo(zone);
    assertThat(place.imageSide())
        .isEqualTo(column == 0 ? "left" : column == 7 ? "right" : "centre");
  }

  @ParameterizedTest
  @CsvSource({"CT, unknown", "MR, unknown", "PT, unknown", "DX, lower", "CR, lower", ", lower"})
  void aSliceThatDoesNotStateItsOrientationHasNoZone(String modality, String zone) {
    MapLocation place = MapLocation.of(hot(7, 7), MadeResults.whole(500, 500), null, modality);
    assertThat(place.zone()).isEqualTo(zone);
    assertThat(place.patientSide()).isEqualTo("unknown");
    assertThat(MapLocation.of(hot(7, 7), CROPPED, "L\\F", modality).zone()).isEqualTo("lower");
  }

  /** 9 x 9 patches of 100 pixels: a third of the image is three of them. */
  private static final Geometry NINTHS = MadeResults.whole(900, 900);

  private static String third(int patch, String first, String middle, String last) {
    return patch < 3 ? first : patch < 6 ? middle : last;
  }

  @Property
  void theWordsAreTheHottestPatchsWhateverLiesWeaklyElsewhere(
      @ForAll @IntRange(min = 0, max = 8) int row,
      @ForAll @IntRange(min = 0, max = 8) int column,
      @ForAll @Size(81) List<@DoubleRange(min = 0, max = 0.5) Double> weak) {
    double[][] scaled = new double[9][9];
    for (int i = 0; i < 81; i++) {
      scaled[i / 9][i % 9] = weak.get(i);
    }
    scaled[row][column] = 1;
    MapLocation place = MapLocation.of(scaled, NINTHS, "L\\F");
    assertThat(place.imageSide()).isEqualTo(third(column, "left", "centre", "right"));
    assertThat(place.patientSide()).isEqualTo(third(column, "right", "midline", "left"));
    assertThat(place.zone()).isEqualTo(third(row, "upper", "mid", "lower"));
  }

  @Property
  void ofTwoSpotsTheHotterIsNamedThoughTheOtherIsLarger(
      @ForAll @IntRange(min = 0, max = 2) int row,
      @ForAll boolean hotterIsLeft,
      @ForAll @DoubleRange(min = 0.51, max = 0.99) double cooler) {
    double[][] scaled = new double[9][9];
    for (int y = 0; y < 9; y++) {
      scaled[y][hotterIsLeft ? 7 : 1] = cooler;
      scaled[y][hotterIsLeft ? 8 : 0] = cooler;
    }
    scaled[row][hotterIsLeft ? 1 : 7] = 1;
    MapLocation place = MapLocation.of(scaled, NINTHS, "L\\F");
    assertThat(place.imageSide()).isEqualTo(hotterIsLeft ? "left" : "right");
    assertThat(place.patientSide()).isEqualTo(hotterIsLeft ? "right" : "left");
    assertThat(place.zone()).isEqualTo("upper");
  }

  @Test
  void theHotRegionIsAllThatIsConnectedWithTheHottestPatchByAnEdge() {
    double[][] scaled = new double[9][9];
    scaled[2][2] = 1;
    scaled[2][3] = 0.9;
    scaled[2][4] = 0.9;
    scaled[2][5] = 0.9;
    // centre of mass at column (250 + 0.9 * (350 + 450 + 550)) / 3.7, by hand 396: the middle third
    assertThat(MapLocation.of(scaled, NINTHS, null).imageSide()).isEqualTo("centre");
    scaled[2][3] = 0.5;
    scaled[3][3] = 0.9; // by a corner alone
    assertThat(MapLocation.of(scaled, NINTHS, null).imageSide()).isEqualTo("left");
  }

  @Property
  void aMirroredImageOfTheSamePatientShowsTheSameSide(
      @ForAll @IntRange(min = 0, max = 7) int row,
      @ForAll @IntRange(min = 0, max = 7) int column,
      @ForAll @IntRange(min = -40, max = 100) int offset) {
    Geometry geometry = new Geometry(600, 500, 300, 250, 10, offset, 160, 160);
    Geometry mirrored = new Geometry(600, 500, 300, 250, 10, 250 - 160 - offset, 160, 160);
    MapLocation place = MapLocation.of(hot(row, column), geometry, "L\\F");
    MapLocation mirror = MapLocation.of(hot(row, 7 - column), mirrored, "R\\F");
    assertThat(mirror.patientSide()).isEqualTo(place.patientSide());
    assertThat(mirror.zone()).isEqualTo(place.zone());
    assertThat(mirror.centroidX()).isCloseTo(500 - place.centroidX(), within(1e-9));
  }

  @Property
  void turningTheOrientationRoundTurnsTheSideRound(
      @ForAll @IntRange(min = 0, max = 7) int row, @ForAll @IntRange(min = 0, max = 7) int column) {
    String one = MapLocation.of(hot(row, column), CROPPED, "L\\F").patientSide();
    String other = MapLocation.of(hot(row, column), CROPPED, "R\\F").patientSide();
    assertThat(other)
        .isEqualTo(
            switch (one) {
              case "left" -> "right";
              case "right" -> "left";
              default -> one;
            });
  }

  @Test
  void whatAViewDoesNotTellIsSaidInWords() {
    assertThat(MapLocation.of(hot(0, 0), CROPPED, "L\\F").inPatient()).isEqualTo("right, upper");
    assertThat(MapLocation.of(hot(7, 7), CROPPED, "L\\P").inPatient())
        .isEqualTo("left, zones are not told apart in this view");
    assertThat(MapLocation.of(hot(7, 7), CROPPED, null).inPatient())
        .isEqualTo("side not known, lower");
    assertThat(MapLocation.of(hot(7, 7), CROPPED, null, "CT").inPatient())
        .isEqualTo("side not known, zones are not told apart in this view");
    assertThat(MapLocation.of(new double[8][8], CROPPED, "L\\F").inPatient())
        .isEqualTo("nowhere: the map is flat");
  }
}
