package org.m2ib.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.m2ib.metrics.PerturbationCurve.Perturbation;

class PerturbationCurveTest {
  private static final JsonNode GOLDEN = MetricsGolden.read("curve");

  @Test
  void bothCurvesAndTheirAreasAreWhatNumpyGives() {
    float[] pixels = MetricsGolden.floats(GOLDEN.path("pixels"));
    double[] weights = MetricsGolden.doubles(GOLDEN.path("weights"));
    int[] order = PixelOrder.of(MetricsGolden.floats(GOLDEN.path("map")));
    Perturbation perturbation =
        new Perturbation(
            images -> tanh(images, weights),
            pixels,
            Fill.neutral(pixels),
            GOLDEN.path("steps").asInt(),
            3);
    same(perturbation.deletion(order), GOLDEN.path("deletion"));
    same(perturbation.insertion(order), GOLDEN.path("insertion"));
  }

  @Test
  void deletionEndsWithTheFillAndInsertionBeginsWithItInEveryChannel() {
    float[] pixels = {1, 2, 3, 4, 5, 6}; // three channels of two pixels
    float[] fill = {-1, -2, -3, -4, -5, -6};
    List<float[]> seen = new ArrayList<>();
    Perturbation perturbation =
        new Perturbation(
            images -> {
              seen.addAll(List.of(images));
              return new float[images.length];
            },
            pixels,
            fill,
            2,
            9);
    perturbation.deletion(new int[] {1, 0});
    perturbation.insertion(new int[] {1, 0});
    assertThat(seen)
        .containsExactly(
            pixels,
            new float[] {1, -2, 3, -4, 5, -6},
            fill,
            fill,
            new float[] {-1, 2, -3, 4, -5, 6},
            pixels);
  }

  @Test
  void theModelIsAskedForNoMoreAtOnceThanTheBatchAndForNothingTwice() {
    List<Integer> batches = new ArrayList<>();
    Perturbation perturbation =
        new Perturbation(
            images -> {
              batches.add(images.length);
              return new float[images.length];
            },
            new float[8],
            new float[8],
            6,
            3);
    assertThat(perturbation.deletion(new int[] {0, 1, 2, 3, 4, 5, 6, 7}).similarities()).hasSize(7);
    assertThat(batches).containsExactly(3, 3, 1);
  }

  @Test
  void theRightOrderFallsAndRisesFasterThanTheWrongOne() {
    float[] pixels = {0, 0, 8, 0, 0, 0, 0, 0};
    Perturbation perturbation =
        new Perturbation(
            images -> tanh(images, new double[] {0, 0, 1, 0, 0, 0, 0, 0}),
            pixels,
            new float[8],
            8,
            4);
    int[] right = {2, 0, 1, 3, 4, 5, 6, 7};
    int[] wrong = {0, 1, 3, 4, 5, 6, 7, 2};
    assertThat(perturbation.deletion(right).area()).isCloseTo(1 / 16.0, within(1e-6));
    assertThat(perturbation.deletion(wrong).area()).isCloseTo(15 / 16.0, within(1e-6));
    assertThat(perturbation.insertion(right).area()).isCloseTo(15 / 16.0, within(1e-6));
    assertThat(perturbation.insertion(wrong).area()).isCloseTo(1 / 16.0, within(1e-6));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    PerturbationCurve.Similarity none = images -> new float[images.length];
    assertThatThrownBy(() -> new Perturbation(none, new float[6], new float[3], 2, 2))
        .hasMessage("an image of 6 values and a fill of 3");
    assertThatThrownBy(() -> new Perturbation(none, new float[6], new float[6], 0, 2))
        .hasMessage("steps = 0 and batch = 2 must be 1 or more");
    Perturbation perturbation = new Perturbation(none, new float[6], new float[6], 2, 2);
    assertThatThrownBy(() -> perturbation.deletion(new int[4]))
        .hasMessage("an order of 4 pixels for an image of 6 values");
    assertThatThrownBy(() -> PixelOrder.ofPatches(new double[2][2], 4, 5))
        .hasMessage("4 x 5 pixels are not a whole number of patches of a grid of 2 x 2");
  }

  @Test
  void pixelsComeHighestFirstAndTiesRowByRow() {
    assertThat(PixelOrder.of(new float[] {0, 2, -1, 2, 5})).containsExactly(4, 1, 3, 0, 2);
    assertThat(PixelOrder.ofPatches(new double[][] {{0, 3}, {3, 1}}, 4, 4))
        .containsExactly(2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15, 0, 1, 4, 5);
  }

  @Property
  void anOrderNamesEveryPixelOnce(@ForAll @Size(24) List<@IntRange(max = 5) Integer> values) {
    float[] map = new float[24];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i);
    }
    int[] order = PixelOrder.of(map);
    for (int i = 1; i < order.length; i++) {
      float before = map[order[i - 1]];
      assertThat(before).isGreaterThanOrEqualTo(map[order[i]]);
      assertThat(before > map[order[i]] || order[i - 1] < order[i]).isTrue();
    }
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(java.util.stream.IntStream.range(0, 24).toArray());
  }

  @Test
  void aBlurredImageIsWhatScipyGivesInEveryChannel() {
    JsonNode golden = MetricsGolden.read("blur");
    float[] plane = MetricsGolden.floats(golden.path("plane"));
    float[] twice = Arrays.copyOf(plane, 2 * plane.length);
    System.arraycopy(plane, 0, twice, plane.length, plane.length);
    float[] blurred =
        Fill.blurred(twice, golden.path("rows").asInt(), golden.path("columns").asInt());
    double[] expected = MetricsGolden.doubles(golden.path("blurred"));
    assertThat(blurred).hasSize(twice.length);
    for (int i = 0; i < blurred.length; i++) {
      assertThat(blurred[i]).isCloseTo((float) expected[i % expected.length], within(1e-6f));
    }
    assertThatThrownBy(() -> Fill.blurred(plane, 5, 7))
        .hasMessage("221 values are not whole channels of 5 x 7");
  }

  private static void same(PerturbationCurve curve, JsonNode golden) {
    double[] expected = MetricsGolden.doubles(golden.path("similarity"));
    assertThat(curve.similarities()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(curve.similarities().get(i)).isCloseTo(expected[i], within(1e-6));
    }
    assertThat(curve.area()).isCloseTo(golden.path("area").asDouble(), within(1e-6));
  }

  private static float[] tanh(float[][] images, double[] weights) {
    float[] similarity = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        sum += images[i][j] * weights[j];
      }
      similarity[i] = (float) Math.tanh(sum);
    }
    return similarity;
  }
}
