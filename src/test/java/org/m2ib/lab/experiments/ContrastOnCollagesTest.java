package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.loading.BuiltInModel;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Collages;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;

/** What m2ib-contrast is for, on a model that nobody has told where something is. */
class ContrastOnCollagesTest {
  private static final Dataset DATA = new Collages(300_000, 6);

  @TempDir Path folder;

  @Test
  void itsMapsAnswerTheirSentenceWhereM2ibShowsWhatThePictureHolds() throws IOException {
    List<String> methods = List.of("m2ib-contrast", "m2ib");
    try (ClipModel model =
            ClipModel.builtIn(BuiltInModel.COLLAGES, "cpu", UnaryOperator.identity());
        MethodComparison comparison =
            new MethodComparison(
                model, M2ibSettings.of(model.chosen()), DATA, methods, Integer.MAX_VALUE)) {
      MethodComparison.Outcome outcome = comparison.run(folder, 1, 1, new NoProgress());
      Comparison tiles = Tiles.in(outcome, DATA, methods.get(0), 1).comparison();
      Map<String, Interval> contrast = figures(tiles, "m2ib-contrast");
      Map<String, Interval> m2ib = figures(tiles, "m2ib");
      assertThat(contrast.get(Tiles.RIGHT).value()).isGreaterThan(0.8);
      assertThat(contrast.get(Tiles.ANOTHER).value()).isLessThan(0.2);
      assertThat(m2ib.get(Tiles.ANOTHER).value()).isGreaterThan(0.4);
    }
  }

  private static Map<String, Interval> figures(Comparison comparison, String method) {
    return comparison.row(Comparison.ALL, method).orElseThrow().figures();
  }
}
