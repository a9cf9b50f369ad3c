package org.m2ib.cli;

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
import org.m2ib.peers.Program;

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
    JsonNode all = json.get("rows").get(0);
    assertThat(all.get("category").asText()).isEqualTo("all");
    assertThat(all.get("examples").asInt()).isGreaterThan(PHANTOMS / 2);
    double pointing = value(json, "its sentence", "pointing");
    assertThat(pointing).isGreaterThan(value(json, "random map", "pointing"));
    String csv = printed("out/table.csv");
    assertThat(csv.lines())
        .anyMatch(line -> line.matches("all,its sentence,\\d+,pointing," + pointing + ",.+"));
    assertThat(printed("first.err")).doesNotContain("exist already");

    evaluate("second", "--phantoms=" + PHANTOMS);
    assertThat(printed("out/table.csv")).isEqualTo(csv);
    assertThat(printed("second.err"))
        .contains(PHANTOMS + " of " + PHANTOMS + " phantoms exist already");
  }

  @Test
  void methodsAreComparedInTablesCurvesAndMapsAndCheckedForSanityByOneCommand() throws Exception {
    Path page = folder.resolve("page.md");
    String printed =
        evaluate(
            "methods",
            "--phantoms=4",
            "--methods=m2ib,grad-eclip,random",
            "--sanity=2",
            "--doc=" + page);
    assertThat(printed).contains("| m2ib | ", "| grad-eclip | ", "Not a diagnostic device");
    JsonNode table = json("methods");
    assertThat(value(table, "m2ib", "pixel AUC"))
        .isGreaterThan(value(table, "random", "pixel AUC"));
    assertThat(value(table, "m2ib", "GFLOP"))
        .isGreaterThan(10 * value(table, "grad-eclip", "GFLOP"));
    JsonNode sanity = json("sanity");
    assertThat(value(sanity, "m2ib", "top 6 random"))
        .as("nothing that was learnt is left")
        .isBetween(-0.3, 0.3);
    assertThat(value(sanity, "m2ib", "another seed")).isGreaterThan(0.7);
    assertThat(value(sanity, "m2ib", "another sentence"))
        .isLessThan(value(sanity, "m2ib", "contrast of 102 %"));
    assertThat(value(sanity, "random", "top 6 random")).isGreaterThan(0.999);
    assertThat(page)
        .content()
        .contains("| top 6 random |", "| another sentence |", "](pictures/methods.png)");
    for (String file : List.of("methods.png", "deletion.png", "insertion.png")) {
      assertThat(folder.resolve("pictures").resolve(file)).isNotEmptyFile();
    }
    assertThat(printed("out/examples.html")).contains("grad-eclip: ", "data:image/png;base64,");
    assertThat(printed("out/sanity.csv").lines())
        .anyMatch(line -> line.startsWith("all,m2ib,") && line.contains(",another sentence,"));
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/" + name + ".json").toFile());
  }

  /** Over all examples. */
  private static double value(JsonNode table, String method, String figure) {
    for (JsonNode row : table.get("rows")) {
      if (row.get("category").asText().equals("all") && row.get("method").asText().equals(method)) {
        return row.get("figures").get(figure).get("value").asDouble();
      }
    }
    throw new AssertionError("no row of " + method);
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

  /** Returns standard output; standard error goes to a file. */
  private String evaluate(String run, String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("evaluate"));
    arguments.addAll(List.of(options));
    arguments.add("--out=" + folder.resolve("out"));
    Process process =
        new ProcessBuilder(Program.command(List.of(), arguments))
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
