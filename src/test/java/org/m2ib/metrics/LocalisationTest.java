package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.m2ib.imaging.Geometry;

class LocalisationTest {
  private static final double EXACT = 1e-12;
  private static final int ROWS = 4;
  private static final int COLUMNS = 6;
  private static final Geometry GEOMETRY = whole(ROWS, COLUMNS);

  @Test
  void everyFigureIsWhatScikitLearnGives() {
    JsonNode cases = MetricsGolden.read("localisation");
    assertThat(cases).hasSize(5);
    for (JsonNode golden : cases) {
      String name = "a map " + golden.path("name").asText();
      float[] map = MetricsGolden.floats(golden.path("map"));
      boolean[] mask = mask(golden.path("mask"));
      Geometry geometry = whole(golden.path("rows").asInt(), golden.path("columns").asInt());
      Localisation found = Localisation.of(map, mask, geometry, 3);
      same(name, found.score().auc(), golden.path("auc"));
      same(name, found.averagePrecision(), golden.path("averagePrecision"));
      same(name, found.bestIou(), golden.path("bestIou"));
      same(name, found.bestThreshold(), golden.path("bestThreshold"));
      same(name, found.signedContrast(), golden.path("signedContrast"));
      for (int i = 0; i < Localisation.THRESHOLDS.size(); i++) {
        same(name, found.iou().get(i), golden.path("iou").get(i));
      }
    }
  }

  @Test
  void aMapThatIsTheMaskIsPerfectButForItsNoiseWhichItLacks() {
    boolean[] mask = mask(8, 9, 14, 15);
    Localisation found = Localisation.of(of(mask), mask, GEOMETRY, 2);
    assertThat(found.score()).isEqualTo(new MapScore(true, 1));
    assertThat(found.averagePrecision()).isEqualTo(1);
    assertThat(found.iou()).hasSize(9).containsOnly(1.0);
    assertThat(found.bestIou()).isEqualTo(1);
    assertThat(found.meanIou()).isEqualTo(1);
    assertThat(found.signedContrast()).isNaN();
  }

  @Test
  void aFlatMapFindsNothingAndItsPrecisionIsTheMasksShare() {
    Localisation found = Localisation.of(new float[ROWS * COLUMNS], mask(0, 1, 2), GEOMETRY, 2);
    assertThat(found.score()).isEqualTo(new MapScore(false, 0.5));
    assertThat(found.averagePrecision()).isEqualTo(3 / 24.0);
    assertThat(found.iou()).containsOnly(0.0);
    assertThat(found.bestIou()).isEqualTo(3 / 24.0); // of the whole image
    assertThat(found.signedContrast()).isNaN();
  }

  @Test
  void aMapThatAvoidsTheMaskHasTheSameContrastAndTheOtherSign() {
    boolean[] mask = mask(8, 9, 14, 15);
    float[] map = new float[mask.length];
    float[] negative = new float[mask.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = i % 3 + (mask[i] ? 4 : 0);
      negative[i] = -map[i];
    }
    Localisation towards = Localisation.of(map, mask, GEOMETRY, 2);
    Localisation away = Localisation.of(negative, mask, GEOMETRY, 2);
    assertThat(towards.signedContrast()).isPositive();
    assertThat(away.signedContrast()).isCloseTo(-towards.signedContrast(), within(EXACT));
    assertThat(away.contrast()).isCloseTo(towards.contrast(), within(EXACT));
  }

  @Test
  void aGridIsBroughtToTheImageThatNeedNotBeSquare() {
    double[][] grid = {{0, 0, 0}, {0, 0, 1}};
    boolean[] mask = mask(16, 17, 22, 23);
    Localisation found = Localisation.of(grid, mask, GEOMETRY);
    assertThat(found.score()).isEqualTo(new MapScore(true, 1));
    assertThat(found.bestIou()).isEqualTo(1);
    assertThat(found.bestThreshold()).isLessThan(1);
  }

  @Test
  void theNamedFiguresAreThoseOfTheRecord() {
    boolean[] mask = mask(0, 1, 2, 6);
    float[] map = new float[mask.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = i * 7 % 24;
    }
    Localisation found = Localisation.of(map, mask, GEOMETRY, 2);
    assertThat(found.figures())
        .hasSize(20)
        .containsEntry("pointing", found.score().hit() ? 1.0 : 0.0)
        .containsEntry("pixel AUC", found.score().auc())
        .containsEntry("average precision", found.averagePrecision())
        .containsEntry("mIoU, best threshold", found.bestIou())
        .containsEntry("mIoU at 0.3", found.iou().get(2))
        .containsEntry("CNR, signed", found.signedContrast());
    double mean = found.iou().subList(0, 5).stream().mapToDouble(v -> v).sum() / 5;
    assertThat(found.figures().get("mIoU, 0.1 to 0.5")).isCloseTo(mean, within(EXACT));
  }

  @Test
  void aMaskThatIsEmptyOrEverywhereOrOfAnotherSizeIsRefused() {
    float[] map = of(mask(3));
    assertThatThrownBy(() -> Localisation.of(map, mask(), GEOMETRY, 2))
        .hasMessage("a mask that is empty or covers everything cannot be localised");
    assertThatThrownBy(() -> Localisation.of(map, new boolean[5], GEOMETRY, 2))
        .hasMessage("24 scores and 5 labels");
    assertThatThrownBy(() -> Localisation.of(map, mask(1), whole(5, 6), 2))
        .hasMessage("map of 24 and mask of 24 values are not 5 x 6");
  }

  @Property
  void aRisingFunctionOfTheMapChangesNeitherAreaNorPrecisionNorBestIou(
      @ForAll @Size(ROWS * COLUMNS) List<@IntRange(min = -9, max = 9) Integer> values,
      @ForAll @IntRange(min = 1, max = ROWS * COLUMNS - 1) int inside) {
    boolean[] mask = first(inside);
    float[] map = new float[mask.length];
    float[] risen = new float[mask.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i);
      risen[i] = (float) Math.exp(values.get(i) / 4.0) - 7;
    }
    Localisation before = Localisation.of(map, mask, GEOMETRY, 2);
    Localisation after = Localisation.of(risen, mask, GEOMETRY, 2);
    assertThat(after.score()).isEqualTo(before.score());
    assertThat(after.averagePrecision()).isEqualTo(before.averagePrecision());
    assertThat(after.bestIou()).isEqualTo(before.bestIou());
  }

  @Property
  void noFigureKnowsTheUnitOfTheMap(
      @ForAll @Size(ROWS * COLUMNS) List<@IntRange(min = 0, max = 9) Integer> values,
      @ForAll @IntRange(min = 1, max = ROWS * COLUMNS - 1) int inside) {
    boolean[] mask = first(inside);
    float[] map = new float[mask.length];
    float[] scaled = new float[mask.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i);
      scaled[i] = 4 * map[i] - 32; // exact in binary
    }
    List<Double> before =
        new ArrayList<>(Localisation.of(map, mask, GEOMETRY, 2).figures().values());
    List<Double> after =
        new ArrayList<>(Localisation.of(scaled, mask, GEOMETRY, 2).figures().values());
    for (int i = 0; i < before.size(); i++) {
      if (Double.isNaN(before.get(i))) {
        assertThat(after.get(i)).isNaN();
      } else {
        assertThat(after.get(i)).isCloseTo(before.get(i), within(1e-9));
      }
    }
  }

  @Property
  void noFixedThresholdBeatsTheBestAndAllSharesAreShares(
      @ForAll @Size(ROWS * COLUMNS) List<@IntRange(min = 0, max = 30) Integer> values,
      @ForAll @IntRange(min = 1, max = ROWS * COLUMNS - 1) int inside) {
    float[] map = new float[ROWS * COLUMNS];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i);
    }
    Localisation found = Localisation.of(map, first(inside), GEOMETRY, 2);
    assertThat(found.iou()).allSatisfy(v -> assertThat(v).isBetween(0.0, found.bestIou()));
    assertThat(found.bestIou()).isBetween(inside / 24.0, 1.0);
    assertThat(found.averagePrecision()).isGreaterThan(0).isLessThanOrEqualTo(1);
  }

  private static void same(String name, double found, JsonNode golden) {
    assertThat(found).as(name).isCloseTo(golden.asDouble(), within(EXACT));
  }

  private static Geometry whole(int rows, int columns) {
    return new Geometry(rows, columns, rows, columns, 0, 0, rows, columns);
  }

  private static boolean[] mask(int... pixels) {
    boolean[] mask = new boolean[ROWS * COLUMNS];
    for (int pixel : pixels) {
      mask[pixel] = true;
    }
    return mask;
  }

  private static boolean[] mask(JsonNode bits) {
    boolean[] mask = new boolean[bits.size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = bits.get(i).asInt() == 1;
    }
    return mask;
  }

  private static boolean[] first(int pixels) {
    boolean[] mask = new boolean[ROWS * COLUMNS];
    java.util.Arrays.fill(mask, 0, pixels, true);
    return mask;
  }

  private static float[] of(boolean[] mask) {
    float[] map = new float[mask.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = mask[i] ? 1 : 0;
    }
    return map;
  }
}
