package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.m2ib.imaging.Geometry;

/** Against OpenCV, scikit-learn and SciPy. */
class SegmentationTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/org/m2ib/metrics/golden-segmentations.json");

  @Test
  void everySegmentationIsThatOfThePublishedSteps() throws IOException {
    JsonNode cases = new ObjectMapper().readTree(GOLDEN.toFile());
    assertThat(cases).hasSize(7);
    for (JsonNode golden : cases) {
      String name = golden.get("name").asText();
      int rows = golden.get("rows").asInt();
      int columns = golden.get("columns").asInt();
      float[] map = map(golden.get("grid"), rows, columns);
      boolean[] mask = mask(golden.get("box"), rows, columns);
      boolean[] otsu = Segmentation.otsu(map);
      boolean[] cluster = Segmentation.kMeans(map, rows, columns);
      assertThat(count(otsu)).as(name).isEqualTo(golden.get("otsuPixels").asInt());
      assertThat(count(cluster)).as(name).isEqualTo(golden.get("clusterPixels").asInt());
      Localisation found =
          Localisation.of(
              map, mask, new Geometry(rows, columns, rows, columns, 0, 0, rows, columns), 4);
      assertThat(found.otsuIou()).as(name).isCloseTo(number(golden, "otsuIou"), within(1e-12));
      assertThat(found.clusterDice())
          .as(name)
          .isCloseTo(number(golden, "clusterDice"), within(1e-12));
      assertThat(found.clusterIou())
          .as(name)
          .isCloseTo(number(golden, "clusterIou"), within(1e-12));
      assertThat(found.figures())
          .containsEntry("mIoU, Otsu", found.otsuIou())
          .containsEntry("Dice, two clusters", found.clusterDice())
          .containsEntry("mIoU, two clusters", found.clusterIou());
    }
  }

  @Test
  void aFlatMapHasNoSegmentation() {
    float[] flat = new float[20 * 30];
    assertThat(count(Segmentation.otsu(flat))).isZero();
    assertThat(count(Segmentation.kMeans(flat, 20, 30))).isZero();
    assertThat(Segmentation.iou(new boolean[600], new boolean[600])).isZero();
  }

  /** CheXlocalize counts the pixel alone; the pointing game allows a patch around the mask. */
  @Test
  void aHitIsAMaximumInsideTheMaskItself() {
    Geometry geometry = new Geometry(8, 8, 8, 8, 0, 0, 8, 8);
    boolean[] mask = mask(2, 2, 6, 6, 8, 8);
    for (int peak = 0; peak < 64; peak++) {
      float[] map = new float[64];
      map[peak] = 1;
      Localisation found = Localisation.of(map, mask, geometry, 4);
      assertThat(found.inside()).isEqualTo(mask[peak]);
      assertThat(found.figures()).containsEntry("hit rate", mask[peak] ? 1.0 : 0.0);
    }
    float[] beside = new float[64];
    beside[1 * 8 + 3] = 1;
    assertThat(Localisation.of(beside, mask, geometry, 4).score().hit()).isTrue();
    beside[3 * 8 + 3] = 1; // the first of equal maxima counts
    assertThat(Localisation.of(beside, mask, geometry, 4).inside()).isFalse();
    assertThat(Localisation.of(new float[64], mask, geometry, 4).inside()).isFalse();
  }

  private static double number(JsonNode golden, String name) {
    return golden.get(name).asDouble();
  }

  private static int count(boolean[] mask) {
    int count = 0;
    for (boolean inside : mask) {
      count += inside ? 1 : 0;
    }
    return count;
  }

  private static float[] map(JsonNode grid, int rows, int columns) {
    float[] map = new float[rows * columns];
    for (int i = 0; i < map.length; i++) {
      int y = i / columns;
      int x = i % columns;
      JsonNode cells = grid.get(y * grid.size() / rows);
      map[i] = cells.get(x * cells.size() / columns).asInt() * 1000 + (x * 31 + y * 17) % 97;
    }
    return map;
  }

  private static boolean[] mask(JsonNode box, int rows, int columns) {
    return mask(
        box.get(0).asInt(),
        box.get(1).asInt(),
        box.get(2).asInt(),
        box.get(3).asInt(),
        rows,
        columns);
  }

  private static boolean[] mask(int top, int left, int bottom, int right, int rows, int columns) {
    boolean[] mask = new boolean[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      int y = i / columns;
      int x = i % columns;
      mask[i] = y >= top && y < bottom && x >= left && x < right;
    }
    return mask;
  }
}
