package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;

class MethodComparisonTest {
  private static final M2ibSettings SETTINGS = new M2ibSettings(0, 0.1, 3, 2, 1, "m2ib");
  private static final ProgressListener NO_PROGRESS = new NoProgress();

  @TempDir static Path modelFolder;
  private static ClipModel model;
  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = ClipModel.load(HfFolder.write(modelFolder, HfFolder.Sizes.PHANTOM, Dictation.words()));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theCurvesHaveTheAreasOfTheTableAndMeetAtTheirEnds() throws IOException {
    MethodComparison.Outcome outcome = run();
    for (Comparison.Row row : outcome.comparison().overall().rows()) {
      assertThat(area(outcome.deletion().get(row.method())))
          .isCloseTo(row.figures().get("deletion").value(), within(1e-9));
      assertThat(area(outcome.insertion().get(row.method())))
          .isCloseTo(row.figures().get("insertion").value(), within(1e-9));
    }
    List<Double> deletion = outcome.deletion().get("chefer");
    List<Double> insertion = outcome.insertion().get("centre");
    assertThat(deletion.get(0)).isCloseTo(insertion.get(14), within(1e-6));
    assertThat(deletion.get(14)).isCloseTo(insertion.get(0), within(1e-6));
  }

  @Test
  void whatAMapTakesAndTheMapItselfAreKept() throws IOException {
    MethodComparison.Outcome first = run();
    MethodComparison.Outcome again = run(); // from the file
    assertThat(again.scored()).hasSameSizeAs(first.scored()).isNotEmpty();
    for (int i = 0; i < again.scored().size(); i++) {
      Scored kept = again.scored().get(i);
      assertThat(kept.figures()).isEqualTo(first.scored().get(i).figures());
      assertThat(kept.map()).isDeepEqualTo(first.scored().get(i).map()).hasDimensions(7, 7);
    }
    Scored chefer = again.scored().get(0);
    Scored centre = again.scored().get(1);
    assertThat(chefer.figure("GFLOP")).isGreaterThan(2 * centre.figure("GFLOP"));
  }

  @Test
  void aFileOfAnEarlierFormIsRefused() throws IOException {
    run();
    Path file = folder.resolve("methods.jsonl");
    Files.writeString(file, Files.readString(file).replaceFirst("\"form\":\\d+,", ""));
    assertThatThrownBy(this::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("methods.jsonl holds results of other settings (form  there");
  }

  private MethodComparison.Outcome run() throws IOException {
    try (MethodComparison contest =
        new MethodComparison(
            model, SETTINGS, new Phantoms(50, 3), List.of("chefer", "centre"), 9)) {
      return contest.run(folder, 2, 1, NO_PROGRESS);
    }
  }

  /** By trapezoids over [0, 1]. */
  private static double area(List<Double> curve) {
    double sum = -(curve.get(0) + curve.get(curve.size() - 1)) / 2;
    for (double value : curve) {
      sum += value;
    }
    return sum / (curve.size() - 1);
  }
}
