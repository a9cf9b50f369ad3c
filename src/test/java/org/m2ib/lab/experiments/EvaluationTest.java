package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.MapScore;
import org.m2ib.metrics.Pointing;

/** On a tiny model with formula weights: what it finds is chance, how it is measured is not. */
class EvaluationTest {
  private static final M2ibSettings SETTINGS = new M2ibSettings(9, 0.1, 3, 2, 1, "m2ib");
  private static final int PHANTOMS = 8;
  private static final ProgressListener NO_PROGRESS = new NoProgress();

  @TempDir static Path modelFolder;
  private static ClipModel model;
  @TempDir Path folder;

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
  void theNumberOfWorkersChangesNoFigure() throws IOException {
    Comparison one =
        new Evaluation(model, SETTINGS, folder.resolve("1"), 1).run(50, PHANTOMS, NO_PROGRESS);
    Comparison three =
        new Evaluation(model, SETTINGS, folder.resolve("3"), 3).run(50, PHANTOMS, NO_PROGRESS);
    assertThat(three).isEqualTo(one);
    int findings =
        IntStream.range(50, 50 + PHANTOMS)
            .map(seed -> new PhantomGenerator().make(seed).findings().size())
            .sum();
    assertThat(one.rows().get(0).examples()).isEqualTo(findings).isGreaterThan(PHANTOMS / 2);
  }

  @Test
  void aRunThatWasCutOffGoesOnToTheSameFigures() throws IOException {
    Evaluation evaluation = new Evaluation(model, SETTINGS, folder, 1);
    Comparison whole = evaluation.run(50, PHANTOMS, NO_PROGRESS);
    Path results = folder.resolve("results.jsonl");
    List<String> lines = Files.readAllLines(results);
    String cut = String.join("\n", lines.subList(0, 4)) + "\n" + lines.get(4).substring(0, 30);
    Files.writeString(results, cut);
    assertThat(evaluation.run(50, PHANTOMS, NO_PROGRESS)).isEqualTo(whole);
    assertThat(Files.readAllLines(results)).isEqualTo(lines);
  }

  @Test
  void resultsOfOtherSettingsAreRefused() throws IOException {
    new Evaluation(model, SETTINGS, folder, 1).run(50, 1, NO_PROGRESS);
    M2ibSettings other = new M2ibSettings(9, 0.3, 3, 2, 1, "m2ib");
    assertThatThrownBy(() -> new Evaluation(model, other, folder, 1).run(50, 1, NO_PROGRESS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"beta\":0.1")
        .hasMessageContaining("\"beta\":0.3");
  }

  @Test
  void theFiguresAreThoseOfTheProductsOwnMapAndSimilarities() {
    Phantom phantom = firstWithAFinding();
    ModelInput input = PhantomEvaluation.input(model, phantom);
    Question question = Question.of(phantom).get(0);
    try (Attributor m2ib = Methods.m2ib(model, SETTINGS);
        PhantomEvaluation evaluation = new PhantomEvaluation(model, SETTINGS)) {
      PhantomResult result = evaluation.of(phantom.seed());
      Scored finding = result.scored().get(0);
      var attribution = m2ib.attribute(input, question.sentence().text());
      boolean[] mask = question.located().mask();
      MapScore score = MapScore.of(attribution.map(), mask, input.geometry());
      assertThat(score.hit()).isEqualTo(Pointing.hit(attribution.map(), mask, 224));
      assertThat(finding.method()).isEqualTo(PhantomComparison.SENTENCE);
      assertThat(finding.figure(Localisation.POINTING)).isEqualTo(score.hit() ? 1 : 0);
      assertThat(finding.figure(Localisation.AUC)).isEqualTo(score.auc());
      var first = Question.statements(phantom).get(0);
      assertThat(result.statements().get(0).similarity())
          .isCloseTo((float) m2ib.attribute(input, first.text()).similarity(), within(1e-5f));
      assertThat(result.statements().get(0).holds()).isEqualTo(phantom.shows(first.statement()));
    }
  }

  private static Phantom firstWithAFinding() {
    PhantomGenerator generator = new PhantomGenerator();
    for (long seed = 50; ; seed++) {
      Phantom phantom = generator.make(seed);
      if (!phantom.findings().isEmpty()) {
        return phantom;
      }
    }
  }
}
