package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.training.FineTuning;

class RoarTest {
  private static final Function<String, ProgressListener> NO_PROGRESS = unit -> new NoProgress();

  @TempDir static Path tiny;
  @TempDir Path folder;

  @BeforeAll
  static void write() {
    HfFolder.write(tiny, HfFolder.Sizes.PHANTOM, Dictation.words());
  }

  @Test
  void thePixelsThatTheMapRanksHighestAreReplaced() {
    float[] pixels = {1, 2, 3, 4};
    float[] map = {0.1f, 0.9f, 0.5f, 0.9f};
    assertThat(Roar.without(pixels, map, 0.25, 7)).containsExactly(1, 7, 3, 4);
    assertThat(Roar.without(pixels, map, 0.75, 7)).containsExactly(1, 7, 7, 7);
    assertThat(pixels).containsExactly(1, 2, 3, 4);
  }

  @Test
  void ofSeveralSentencesMapsTheHighestCountsEachOnItsOwnScale() {
    double[][] low = {{0, 2}, {4, 1}};
    double[][] high = {{100, 300}, {100, 100}};
    double[][] flat = {{9, 9}, {9, 9}};
    assertThat(Roar.highest(List.of(low, high, flat)))
        .isDeepEqualTo(new double[][] {{0, 1}, {1, 0.25}});
  }

  @Test
  void theFigureIsTheShareOfOtherPicturesThatFitLessWell() {
    assertThat(Roar.above(0.5, new double[] {0.1, 0.5, 0.7, 0.4})).isEqualTo(2.5 / 4);
    assertThat(Roar.above(0.5, new double[0])).isNaN();
  }

  @Test
  void theAreaOverTheCurveIsTheMeanFallBetweenTheShares() {
    // 10 x (0 + 0.2) / 2 + 40 x (0.2 + 0.4) / 2 = 13, over 50
    assertThat(Roar.areaOver(List.of(10, 50), List.of(0.9, 0.7, 0.5)))
        .isCloseTo(0.26, within(1e-12));
    assertThat(Roar.areaOver(List.of(30), List.of(0.6, 0.6))).isZero();
  }

  @Test
  void whatShowsTheFindingIsWorthMoreToTheBuiltInModelThanAnyOtherPixels() throws IOException {
    try (ClipModel model = ClipModel.builtIn()) {
      Roar.Plan plan = plan(8, 16, List.of(30), 3, 1e-4);
      Comparison found =
          new Roar(
                  weights -> ClipModel.builtIn("cpu", weights),
                  model,
                  M2ibSettings.of(model.chosen()),
                  plan)
              .run(List.of("grad-eclip", "random"), folder, 2, NO_PROGRESS);
      assertThat(figure(found, "random", Roar.WHOLE)).isGreaterThan(0.9);
      assertThat(figure(found, "grad-eclip", "30 % removed"))
          .isLessThan(figure(found, "random", "30 % removed") - 0.1);
      assertThat(figure(found, "grad-eclip", Roar.AREA))
          .isGreaterThan(figure(found, "random", Roar.AREA));
    }
  }

  @Test
  void trainingIsPartOfIt() throws IOException {
    double without = whole(plan(6, 6, List.of(50), 0, 1e-2), folder.resolve("0"));
    double with = whole(plan(6, 6, List.of(50), 4, 1e-2), folder.resolve("4"));
    assertThat(with).isNotEqualTo(without);
  }

  @Test
  void neitherTheWorkersNorABreakChangeAFigure() throws IOException {
    Roar.Plan plan = plan(4, 5, List.of(20, 60), 2, 1e-3);
    Comparison one = tinyRoar(plan, folder.resolve("one"), 1);
    assertThat(tinyRoar(plan, folder.resolve("two"), 2)).isEqualTo(one);
    Path results = folder.resolve("one/roar.jsonl");
    String whole = Files.readString(results);
    assertThat(whole.lines()).hasSize(1 + 1 + 2 * 2); // conditions, nothing removed, two by two
    Files.writeString(results, whole.substring(0, whole.length() * 2 / 3));
    assertThat(tinyRoar(plan, folder.resolve("one"), 2)).isEqualTo(one);
    assertThat(Files.readString(results).lines())
        .containsExactlyInAnyOrderElementsOf(whole.lines().toList());
  }

  @Test
  void trainingsOfAnotherPlanAreNotTakenForThis() throws IOException {
    tinyRoar(plan(4, 5, List.of(50), 0, 1e-3), folder, 1);
    assertThatThrownBy(() -> tinyRoar(plan(4, 5, List.of(50), 1, 1e-3), folder, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("roar.jsonl holds results of other settings");
  }

  private static double whole(Roar.Plan plan, Path folder) throws IOException {
    return figure(tinyRoar(plan, folder, 1), "random", Roar.WHOLE);
  }

  private static Comparison tinyRoar(Roar.Plan plan, Path folder, int workers) throws IOException {
    try (ClipModel model = ClipModel.load(tiny)) {
      return new Roar(RoarTest::load, model, M2ibSettings.of(model.chosen()), plan)
          .run(List.of("random", "chefer"), folder, workers, NO_PROGRESS);
    }
  }

  private static ClipModel load(UnaryOperator<TensorSource> weights) {
    return ClipModel.load(tiny, "cpu", weights);
  }

  private static Roar.Plan plan(
      int training, int heldOut, List<Integer> removed, int steps, double rate) {
    FineTuning.Plan tuning = new FineTuning.Plan(1, steps, 4, rate);
    return new Roar.Plan(Evaluation.FIRST_SEED, training, heldOut, removed, tuning);
  }

  private static double figure(Comparison found, String method, String figure) {
    return found.overall().rows().stream()
        .filter(row -> row.method().equals(method))
        .map(row -> row.figures().get(figure).value())
        .findFirst()
        .orElseThrow();
  }
}
