package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.HfFolder;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Kind;
import org.m2ib.lab.phantom.Dictation;
import picocli.CommandLine;

class DiscordanceCommandTest {
  @TempDir static Path model;
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void write() {
    HfFolder.write(model, HfFolder.Sizes.PHANTOM, Dictation.words());
  }

  @Test
  void itFitsCoefficientsAndPrintsFinderAndControlSideBySide() throws IOException {
    Path file = folder.resolve("coefficients.json");
    Path picture = folder.resolve("calibration.png");
    assertThat(run("--fit=" + file, "--picture=" + picture)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "| side | ", "| omitted finding | ", "| all kinds | ", "| text only | ", "PPV at 0.5 %")
        .contains("AUROC at least 0.97", "ten times the published 0.66 %");
    Coefficients made = Coefficients.read(Files.readAllBytes(file));
    assertThat(made.kinds()).containsKeys(Kind.SIDE, Kind.DENIED, Kind.OMITTED);
    assertThat(made.made().get("command")).contains("--fit-phantoms 50");
    assertThat(picture).isNotEmptyFile();
  }

  @Test
  void aModelWithoutCoefficientsIsNotGivenThoseOfAnother() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("no coefficients for this model", "--fit FILE");
  }

  @Test
  void thePhantomsOfTheFitAreNotTested() {
    assertThat(run("--seed=1500000020")).isEqualTo(2);
    assertThat(err.toString()).contains("--seed: those phantoms are used by the fit");
  }

  private int run(String... more) {
    CommandLine line = new CommandLine(new DiscordanceCommand());
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> arguments =
        new ArrayList<>(List.of("--model=" + model, "--phantoms=10", "--fit-phantoms=50"));
    arguments.addAll(List.of(more));
    return line.execute(arguments.toArray(String[]::new));
  }
}
