package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Kind;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.statistics.Interval;

/** The finder with the program's own coefficients and model, on phantoms of no other table. */
class DiscordancesTest {
  private static final int PHANTOMS = 40;
  private static final long SEED = 1_700_000_000;

  @Test
  void theProgramsCoefficientsAreThoseOfItsModelAndFindMadeErrors() {
    try (ClipModel model = ClipModel.builtIn("cpu")) {
      assertThat(Coefficients.of(model.card().hash()))
          .as("coefficients.json is of another model: make it again, see docs/discordance.md")
          .isPresent();
      Coefficients coefficients = Coefficients.of(model.card().hash()).orElseThrow();
      PhantomSimilarities phantoms = new PhantomSimilarities(model, SEED, PHANTOMS, () -> {});
      DiscordanceBenchmark benchmark =
          new DiscordanceBenchmark(phantoms.sentences(), phantoms.studies());
      DiscordanceBenchmark.Scores finder = benchmark.finder(coefficients);
      TextControls controls = new TextControls(phantoms.studies(), Dictation.words());
      DiscordanceBenchmark.Scores control = benchmark.control(i -> controls);
      List<DiscordanceFigures.Row> rows = DiscordanceFigures.of(finder, control, PHANTOMS, SEED);
      assertAuroc(rows, Error.SIDE, 0.9);
      assertAuroc(rows, Error.NEGATION, 0.9);
      assertAuroc(rows, Error.FALSE_FINDING, 0.9);
      assertAuroc(rows, Error.OMITTED_FINDING, 0.9);
      assertAuroc(rows, Error.CONTRADICTION, 1);
      assertThat(DiscordanceCalibration.of(benchmark.answers(coefficients), PHANTOMS, SEED))
          .extracting(DiscordanceCalibration::kind)
          .contains(Kind.SIDE, Kind.LOCATION, Kind.DENIED, Kind.STATED);
    }
  }

  @Test
  void aModelThatIsNotTheBuiltInOneHasNoCoefficients() {
    assertThat(Coefficients.of("0".repeat(64))).isEmpty();
  }

  private static void assertAuroc(List<DiscordanceFigures.Row> rows, Error error, double least) {
    Interval auroc =
        rows.stream()
            .filter(row -> row.kind().equals(error.words()))
            .findFirst()
            .orElseThrow()
            .finder()
            .get(DiscordanceFigures.AUROC);
    assertThat(auroc.value()).as(error.words()).isGreaterThanOrEqualTo(least);
  }
}
