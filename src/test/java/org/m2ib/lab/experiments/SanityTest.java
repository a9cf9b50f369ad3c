package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.RankCorrelation;

/** On a tiny model with formula weights, of three layers: its cascade has five depths. */
class SanityTest {
  private static final M2ibSettings SETTINGS = new M2ibSettings(0, 0.1, 3, 2, 1, "m2ib");
  private static final List<String> METHODS = List.of("m2ib", "rollout", "random", "centre");
  private static final int PICTURES = 3;
  private static final Dataset DATA = new Phantoms(50, 5);
  private static final ProgressListener NO_PROGRESS = new NoProgress();

  @TempDir static Path modelFolder;
  @TempDir static Path comparisonFolder;
  private static final AtomicInteger LOADED = new AtomicInteger();
  private static ClipModel model;
  private static MethodComparison.Outcome comparison;
  private static MethodComparison.Outcome sanity;
  @TempDir Path folder;

  @BeforeAll
  static void run() throws IOException {
    HfFolder.write(modelFolder, HfFolder.Sizes.PHANTOM, Dictation.words());
    model = ClipModel.load(modelFolder);
    try (MethodComparison all = new MethodComparison(model, SETTINGS, DATA, METHODS, 5)) {
      comparison = all.run(comparisonFolder, 2, 1, NO_PROGRESS);
    }
    sanity = run(comparisonFolder, 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aRandomModelIsLoadedOnceForEachDepth() throws IOException {
    LOADED.set(0);
    run(folder, 2);
    assertThat(LOADED).hasValue(5);
    assertThat(checks().depths()).hasSize(5).startsWith("top 1 random").endsWith("top 5 random");
  }

  @Test
  void whatDoesNotLookAtTheModelDoesNotChangeWithItsWeights() {
    for (String depth : checks().depths()) {
      assertThat(value("random", depth)).isCloseTo(1, within(1e-12));
      assertThat(value("centre", depth)).isCloseTo(1, within(1e-12));
      assertThat(value("m2ib", depth)).isLessThan(0.999);
    }
    assertThat(value("rollout", "top 1 random")).as("attention is below").isGreaterThan(0.999);
    assertThat(value("rollout", "top 5 random")).isLessThan(0.999);
  }

  @Test
  void onlyWhatSeesTheSentenceChangesWithItAndOnlyWhatDrawsLotsWithTheSeed() {
    assertThat(value("rollout", "another sentence")).isCloseTo(1, within(1e-9));
    assertThat(value("m2ib", "another sentence")).isLessThan(0.9999);
    assertThat(value("rollout", "another seed")).isCloseTo(1, within(1e-9));
  }

  @Test
  void aPerturbationChangesAMapALittleAndABaselineOnlyWhereItIsShifted() {
    assertThat(value("centre", "brighter by 2 %")).isCloseTo(1, within(1e-12));
    assertThat(value("centre", "shifted by 1 %")).isLessThan(0.9999);
    for (InputPerturbation change : InputPerturbation.values()) {
      assertThat(value("rollout", change.figure())).as(change.figure()).isLessThan(0.999999);
    }
  }

  @Test
  void everyFigureOfOneModelIsTheCorrelationOfTwoOfItsMaps() throws IOException {
    for (Example example : List.of(DATA.example(0), DATA.example(1))) {
      DisplayImage picture = example.picture().load();
      ModelInput input = model.preprocessor().apply(picture);
      for (String method : METHODS) {
        double[][] own = map(method, SETTINGS, input, example);
        double seeds = 0;
        for (int n = 1; n <= 2; n++) {
          M2ibSettings other = SETTINGS.withSeed("m2ib/sanity-" + n);
          seeds += RankCorrelation.spearman(own, map(method, other, input, example));
        }
        Scored scored = scored(example, method);
        assertThat(scored.figure("another seed")).as(method).isCloseTo(seeds / 2, within(1e-9));
        for (InputPerturbation change : InputPerturbation.values()) {
          ModelInput changed = model.preprocessor().apply(change.of(picture));
          double[][] moved =
              change.aligned(map(method, SETTINGS, changed, example), input.geometry());
          assertThat(scored.figure(change.figure()))
              .as(method + ", " + change)
              .isCloseTo(RankCorrelation.spearman(own, moved), within(1e-9));
        }
      }
    }
  }

  private static double[][] map(
      String method, M2ibSettings settings, ModelInput input, Example example) {
    try (Attributor attributor = Methods.attributor(model, method, settings);
        PreparedImage prepared = attributor.prepare(input)) {
      return prepared.map(example.sentence());
    }
  }

  private static Scored scored(Example example, String method) {
    return sanity.scored().stream()
        .filter(s -> s.exampleId().equals(example.id()) && s.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFigureIsTheCorrelationOfTheModelsOwnMapWithTheRandomModels() throws IOException {
    Example example = DATA.example(0);
    ModelInput input = model.preprocessor().apply(example.picture().load());
    double[][] own = map("m2ib", SETTINGS, input, example);
    double[][] random;
    try (ClipModel other =
            load(w -> new RandomisedWeights(w, model.family().layerGroups(w.tensors()), 2, 1));
        Attributor m2ib = Methods.m2ib(other, SETTINGS);
        PreparedImage prepared = m2ib.prepare(input)) {
      random = prepared.map(example.sentence());
    }
    assertThat(scored(example, "m2ib").figure("top 2 random"))
        .isCloseTo(RankCorrelation.spearman(own, random), within(1e-9));
  }

  @Test
  void neitherWorkersNorAnEndInTheMiddleChangeAFigure() throws IOException {
    assertThat(run(folder, 3).comparison()).isEqualTo(sanity.comparison());
    Path file = folder.resolve("sanity.jsonl");
    List<String> lines = Files.readAllLines(file);
    Files.writeString(file, String.join("\n", lines.subList(0, 7)) + "\n{\"numb");
    assertThat(run(folder, 1).comparison()).isEqualTo(sanity.comparison());
    assertThat(Files.readAllLines(file)).hasSize(lines.size());
  }

  @Test
  void resultsOfOtherMethodsAreRefused() throws IOException {
    run(folder, 2);
    Sanity other = new Sanity(model, SanityTest::load, SETTINGS, DATA, List.of("m2ib"), PICTURES);
    assertThatThrownBy(() -> other.run(comparison, folder, 1, 1, unit -> NO_PROGRESS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sanity.jsonl holds results of other settings (methods ");
  }

  private static Sanity checks() {
    return new Sanity(model, SanityTest::load, SETTINGS, DATA, METHODS, PICTURES);
  }

  private static MethodComparison.Outcome run(Path folder, int workers) throws IOException {
    return checks().run(comparison, folder, workers, 1, unit -> NO_PROGRESS);
  }

  private static ClipModel load(UnaryOperator<TensorSource> weights) {
    LOADED.incrementAndGet();
    return ClipModel.load(modelFolder, "cpu", weights);
  }

  private static double value(String method, String figure) {
    return sanity.comparison().overall().rows().stream()
        .filter(row -> row.method().equals(method))
        .findFirst()
        .orElseThrow()
        .figures()
        .get(figure)
        .value();
  }
}
