package org.m2ib.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged evaluation of the built-in model, in short. */
class EvaluateIT {
  private static final int PHANTOMS = 12;

  @TempDir Path folder;

  @Test
  void theBuiltInModelPointsBetterThanChanceAndASecondRunGoesOnFromTheFirst() throws Exception {
    String table = evaluate("first", "--phantoms=" + PHANTOMS);
    assertThat(table)
        .contains("--model built-in --phantoms " + PHANTOMS, "Not a diagnostic device", "| all |");
    assertThat(folder.resolve("out/table.md")).content().isEqualTo(table);
    JsonNode json = new ObjectMapper().readTree(folder.resolve("out/table.json").toFile());
    assertThat(json.get("phantoms").asInt()).isEqualTo(PHANTOMS);
    JsonNode all = json.get("rows").get(json.get("rows").size() - 1);
    assertThat(all.get("name").asText()).isEqualTo("all");
    assertThat(all.get("findings").asInt()).isGreaterThan(PHANTOMS / 2);
    JsonNode figures = all.get("figures");
    double pointing = figures.get("POINTING").get("value").asDouble();
    assertThat(pointing).isGreaterThan(figures.get("POINTING_RANDOM").get("value").asDouble());
    String csv = printed("out/table.csv");
    assertThat(csv.lines()).anyMatch(line -> line.matches("all,\\d+,POINTING," + pointing + ",.+"));
    assertThat(printed("first.err")).doesNotContain("there already");

    evaluate("second", "--phantoms=" + PHANTOMS);
    assertThat(printed("out/table.csv")).isEqualTo(csv);
    assertThat(printed("second.err"))
        .contains(PHANTOMS + " of " + PHANTOMS + " phantoms are there already");
  }

  @Test
  void whatTheMapsRankHighestIsTakenAwayAndTheBuiltInModelIsTrainedOn() throws Exception {
    String table =
        evaluate(
            "roar",
            "roar",
            "--methods=grad-eclip,random",
            "--removed=30",
            "--training=8",
            "--held-out=8",
            "--steps=2",
            "--batch=4");
    assertThat(table).contains("| grad-eclip | ", "| random | ", "Not a diagnostic device");
    assertThat(folder.resolve("out/roar.md")).content().isEqualTo(table);
    assertThat(folder.resolve("out/roar.png")).isNotEmptyFile();
  }

  /** What it printed; what it said beside it is in a file. */
  private String evaluate(String run, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar", "evaluate"));
    command.addAll(List.of(options));
    command.add("--out=" + folder.resolve("out"));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve(run + ".out").toFile())
            .redirectError(folder.resolve(run + ".err").toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(printed(run + ".err")).isZero();
    return printed(run + ".out");
  }

  private String printed(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
