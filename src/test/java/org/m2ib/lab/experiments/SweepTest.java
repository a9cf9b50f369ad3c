package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.attribution.Smoothing;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.MapScore;
import org.m2ib.metrics.RankCorrelation;

/** On a tiny model with formula weights: what it finds is chance, how it is measured is not. */
class SweepTest {
  private static final M2ibSettings SETTINGS = new M2ibSettings(1, 0.1, 4, 2, 1, "m2ib");
  private static final PhantomGenerator GENERATOR = new PhantomGenerator();
  private static final Phantom PHANTOM =
      LongStream.iterate(50, seed -> seed + 1)
          .mapToObj(GENERATOR::make)
          .filter(phantom -> phantom.findings().size() > 1)
          .findFirst()
          .orElseThrow();

  private static final Dataset DATA = new Phantoms(PHANTOM.seed(), 1);

  @TempDir static Path modelFolder;
  @TempDir Path folder;
  private static ClipModel model;

  @BeforeAll
  static void load() {
    HfFolder.write(modelFolder, HfFolder.Sizes.PHANTOM, Dictation.words());
    model = ClipModel.load(modelFolder);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theSettingsInUseComeFirstAndOnceAndEachOtherChangesOneFactorOrLayerAndBeta() {
    List<Sweep.Variant> all = SweepKind.SWEEP.variants(model, SETTINGS);
    assertThat(all.get(0)).isEqualTo(new Sweep.Variant("m2ib", "m2ib", SETTINGS));
    List<Sweep.Variant> others =
        all.stream().skip(1).filter(v -> v.method().equals("m2ib") && !v.smoothed()).toList();
    assertThat(others).extracting(Sweep.Variant::settings).doesNotContain(SETTINGS);
    assertThat(others)
        .extracting(v -> changes(v.settings()))
        .containsOnly("layer", "beta", "layer beta", "steps", "samples", "rate");
    assertThat(all)
        .extracting(Sweep.Variant::name)
        .doesNotHaveDuplicates()
        .contains("layer 0, beta 0.01", "layer 1, beta 10.0", "nib, layer 0, 50 steps", "rise")
        .noneMatch(name -> name.startsWith("layer 2")); // nothing behind it could mix tokens
  }

  @Test
  void whatCostsLessKeepsLayerAndBeta() {
    assertThat(SweepKind.SAVINGS.variants(model, SETTINGS))
        .extracting(v -> changes(v.settings()))
        .containsOnly("", "seed", "tolerance", "samples", "steps", "steps samples");
  }

  @Test
  void precisionsDifferInNothingElseAndTheFirstIsFloat32() {
    List<Sweep.Variant> all =
        SweepKind.PRECISIONS.variants(model, SETTINGS.with(Precision.BFLOAT16));
    assertThat(all.get(0).settings()).isEqualTo(SETTINGS);
    assertThat(all)
        .extracting(v -> v.name() + ": " + changes(v.settings()))
        .containsExactly("m2ib: ", "bfloat16: precision", "other noise: seed");
  }

  @Test
  void eachKindOfNoiseIsComparedWithItselfWithAnotherSeed() throws IOException {
    List<Sweep.Variant> all = SweepKind.NOISES.variants(model, SETTINGS);
    assertThat(all)
        .extracting(v -> v.name() + ": " + changes(v.settings()))
        .contains(
            "m2ib: ",
            "other noise: seed",
            "antithetic: noise",
            "antithetic, other noise: seed noise",
            "common, other noise: seed noise",
            "6 samples, antithetic, other noise: samples seed noise");
    M2ibSettings common = SETTINGS.with(NoiseKind.COMMON);
    List<Sweep.Variant> some = all.stream().filter(v -> v.name().matches("m2ib|common.*")).toList();
    Question question = Question.of(PHANTOM).get(1);
    try (Sweep sweep = sweep(some);
        Attributor one = Methods.m2ib(model, common);
        Attributor two = Methods.m2ib(model, common.withSeed("m2ib/other"))) {
      ModelInput input = PhantomEvaluation.input(model, PHANTOM);
      String sentence = question.sentence().text();
      double agreement =
          RankCorrelation.spearman(
              one.attribute(input, sentence).map(), two.attribute(input, sentence).map());
      assertThat(second(scored(sweep), "common, other noise").get(Sweep.SAME_MAP))
          .isCloseTo(agreement, within(1e-3));
    }
  }

  @Test
  void aVariantsFiguresAreThoseOfItsOwnMapHeldAgainstTheFirsts() throws IOException {
    M2ibSettings fewer = new M2ibSettings(1, 0.1, 3, 1, 1, "m2ib");
    List<Sweep.Variant> variants =
        List.of(
            new Sweep.Variant("all", "m2ib", SETTINGS),
            new Sweep.Variant("fewer", "m2ib", fewer),
            new Sweep.Variant("peer", "rollout", SETTINGS),
            new Sweep.Variant("picture", "rise", SETTINGS));
    ModelInput input = PhantomEvaluation.input(model, PHANTOM);
    Question question = Question.of(PHANTOM).get(1);
    String sentence = question.sentence().text();
    try (Sweep sweep = sweep(variants);
        Attributor all = Methods.m2ib(model, SETTINGS);
        Attributor few = Methods.m2ib(model, fewer)) {
      List<Scored> scored = scored(sweep);
      assertThat(scored).hasSize(variants.size() * PHANTOM.findings().size());
      Attribution first = all.attribute(input, sentence);
      Attribution made = few.attribute(input, sentence);
      Map<String, Double> figures = second(scored, "fewer");
      Localisation.of(made.map(), question.located().mask(), input.geometry())
          .figures()
          .forEach(
              (name, value) ->
                  assertThat(figures.get(name)).as(name).isCloseTo(value, within(1e-3)));
      assertThat(figures.get(Sweep.SAME_MAP))
          .isCloseTo(RankCorrelation.spearman(made.map(), first.map()), within(1e-3));
      assertThat(figures.get(Sweep.STEPS)).isEqualTo(3);
      assertThat(figures.get(Sweep.ARITHMETIC)).isEqualTo(5 / 14.0); // 3 + 2 passes of 4 + 3 twice
      assertThat(second(scored, "all"))
          .containsEntry(Sweep.SAME_WORDS, 1.0)
          .containsEntry(Sweep.ARITHMETIC, 1.0);
      assertThat(second(scored, "all").get(Sweep.SAME_MAP)).isCloseTo(1, within(1e-12));
      assertThat(second(scored, "peer"))
          .containsKeys(Sweep.SAME_WORDS, "pixel AUC")
          .doesNotContainKeys(Sweep.STEPS, Sweep.ARITHMETIC);
      assertThat(second(scored, "picture")).doesNotContainKey(Sweep.SAME_WORDS);
    }
  }

  @Test
  void aMapThatStopsEarlyIsCountedWithTheStepsItTook() throws IOException {
    M2ibSettings early = SETTINGS.withSteps(4, 2, 1000);
    try (Sweep sweep =
        sweep(
            List.of(
                new Sweep.Variant("all", "m2ib", SETTINGS),
                new Sweep.Variant("early", "m2ib", early)))) {
      Map<String, Double> figures = second(scored(sweep), "early");
      assertThat(figures.get(Sweep.STEPS)).isEqualTo(2);
      assertThat(figures.get(Sweep.ARITHMETIC)).isEqualTo(3 / 7.0);
    }
  }

  @Test
  void aKeptClassTokenAndNormalisedChannelsHaveMapsOfTheirOwn() throws IOException {
    List<Sweep.Variant> variants =
        List.of(
            new Sweep.Variant("published", "m2ib", SETTINGS),
            new Sweep.Variant("kept", AlternativeBottleneck.PATCHES, SETTINGS),
            new Sweep.Variant("normalised", AlternativeBottleneck.NORMALISED, SETTINGS));
    try (Sweep sweep = sweep(variants)) {
      List<Scored> scored = scored(sweep);
      for (String name : List.of("kept", "normalised")) {
        assertThat(second(scored, name).get(Sweep.SAME_MAP)).isLessThan(0.9999);
        assertThat(second(scored, name).get(Sweep.STEPS)).isEqualTo(4);
      }
    }
  }

  /**
   * At the first step nearly nothing is replaced: the capacity is half the length, and a constant.
   */
  @Test
  void theLengthOfTheStateOrdersPatchesAsTheCapacityOfTheFirstStepDoes() throws IOException {
    M2ibSettings one = new M2ibSettings(1, 0.1, 1, 1, 1, "m2ib");
    try (Sweep sweep =
        sweep(
            List.of(
                new Sweep.Variant("one step", "m2ib", one),
                new Sweep.Variant("length", AlternativeBottleneck.LENGTH, one)))) {
      List<Scored> scored = scored(sweep);
      assertThat(second(scored, "length").get(Sweep.SAME_MAP)).isCloseTo(1, within(1e-3));
      assertThat(second(scored, "length")).doesNotContainKeys(Sweep.SAME_WORDS, Sweep.STEPS);
    }
  }

  @Test
  void aSmoothedMapIsScoredAsItIsShown() throws IOException {
    ModelInput input = PhantomEvaluation.input(model, PHANTOM);
    Question question = Question.of(PHANTOM).get(1);
    try (Sweep sweep =
            sweep(
                List.of(
                    new Sweep.Variant("plain", "chefer", SETTINGS),
                    new Sweep.Variant("smooth", "chefer", SETTINGS, true)));
        Attributor chefer = Methods.attributor(model, "chefer", SETTINGS)) {
      double[][] map = chefer.attribute(input, question.sentence().text()).map();
      Map<String, Double> figures = second(scored(sweep), "smooth");
      boolean[] mask = question.located().mask();
      assertThat(figures.get("pixel AUC"))
          .isCloseTo(MapScore.of(Smoothing.of(map), mask, input.geometry()).auc(), within(1e-4))
          .isNotCloseTo(MapScore.of(map, mask, input.geometry()).auc(), within(1e-4));
      assertThat(figures.get(Sweep.SAME_MAP))
          .isCloseTo(RankCorrelation.spearman(Smoothing.of(map), map), within(1e-3));
    }
  }

  private static Sweep sweep(List<Sweep.Variant> variants) {
    return new Sweep(model, variants, DATA, 1);
  }

  private List<Scored> scored(Sweep sweep) throws IOException {
    ProgressListener listener = new NoProgress();
    return sweep.run(folder, "sweep.jsonl", 1, 1, listener).scored();
  }

  private static Map<String, Double> second(List<Scored> scored, String method) {
    return scored.stream()
        .filter(s -> s.method().equals(method) && s.exampleId().endsWith("/2"))
        .findFirst()
        .orElseThrow()
        .figures();
  }

  /** Names of what differs from the settings in use. */
  private static String changes(M2ibSettings s) {
    String names = "";
    names += s.layer() == SETTINGS.layer() ? "" : "layer ";
    names += s.beta() == SETTINGS.beta() ? "" : "beta ";
    names += s.steps() == SETTINGS.steps() ? "" : "steps ";
    names += s.samples() == SETTINGS.samples() ? "" : "samples ";
    names += s.learningRate() == SETTINGS.learningRate() ? "" : "rate ";
    names += s.tolerance() == SETTINGS.tolerance() ? "" : "tolerance ";
    names += s.seed().equals(SETTINGS.seed()) ? "" : "seed ";
    names += s.precision() == SETTINGS.precision() ? "" : "precision ";
    names += s.noise() == SETTINGS.noise() ? "" : "noise ";
    return names.strip();
  }
}
