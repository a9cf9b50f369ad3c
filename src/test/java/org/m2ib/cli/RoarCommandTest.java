package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.HfFolder;
import org.m2ib.lab.phantom.Dictation;
import picocli.CommandLine;

class RoarCommandTest {
  @TempDir static Path model;
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void write() {
    HfFolder.write(model, HfFolder.Sizes.PHANTOM, Dictation.words());
  }

  @Test
  void itPrintsTheTableAndWritesItForReadersAndProgramsWithACurve() throws IOException {
    Path document = folder.resolve("document.md");
    assertThat(run("--removed=10,50", "--doc=" + document)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("`./m2ib evaluate roar --model " + model.getFileName() + " --layer 1 --beta 0.1")
        .contains(" --methods chefer,random --removed 10,50 --training 4 --held-out 4 --steps 1")
        .contains("| method | n | nothing removed | 10 % removed | 50 % removed | area over the")
        .contains("| chefer | ", "| random | ", "Not a diagnostic device")
        .doesNotContain(model.getParent().toString());
    Path results = folder.resolve("out");
    assertThat(results.resolve("roar.md")).content().isEqualTo(out.toString());
    assertThat(document)
        .content()
        .startsWith("<!-- roar: written by a command from here -->")
        .contains(out.toString().strip());
    JsonNode json = new ObjectMapper().readTree(results.resolve("roar.json").toFile());
    assertThat(json.get("plan").get("tuning").get("steps").asInt()).isEqualTo(1);
    assertThat(json.get("rows").get(0).get("figures").has("50 % removed")).isTrue();
    assertThat(results.resolve("roar.csv")).content().contains(",random,", "area over the curve");
    assertThat(ImageIO.read(results.resolve("roar.png").toFile()).getWidth()).isEqualTo(900);
  }

  @Test
  void aSecondRunGoesOnFromTheFirst() {
    assertThat(run()).isZero();
    assertThat(err.toString()).doesNotContain("exist already");
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run()).isZero();
    assertThat(err.toString())
        .contains("m2ib: 8 of 8 maps of chefer exist already")
        .contains("m2ib: 7 of 7 trainings exist already");
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void trainingsOfOtherSettingsAreNamed() {
    assertThat(run()).isZero();
    assertThat(run("--rate=0.01")).isEqualTo(1);
    assertThat(err.toString())
        .contains("roar.jsonl holds results of other settings", "name another folder");
  }

  @Test
  void badOptionsAreUsageErrors() {
    assertThat(run("--methods=none")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--methods: unknown method 'none'; methods are m2ib, m2ib-contrast, nib");
    assertThat(run("--methods=chefer,chefer")).isEqualTo(2);
    assertThat(err.toString()).contains("--methods: a method is listed twice; name each once");
    for (String range :
        List.of("--training=0", "--held-out=1", "--batch=0", "--workers=0", "--steps=-1")) {
      err.getBuffer().setLength(0);
      assertThat(run(range)).as(range).isEqualTo(2);
      assertThat(err.toString()).contains("--training, --batch and --workers must be at least 1");
    }
    assertThat(run("--rate=0")).isEqualTo(2);
    for (String removed : List.of("0", "50,10", "10,10", "101")) {
      err.getBuffer().setLength(0);
      assertThat(run("--removed=" + removed)).as(removed).isEqualTo(2);
      assertThat(err.toString()).contains("--removed: ascending percentages from 1 to 100");
    }
    assertThat(run("--beta=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--beta = 0.0: must be above 0");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... options) {
    List<String> args =
        new ArrayList<>(List.of("roar", "--model=" + model, "--out=" + folder.resolve("out")));
    for (String few :
        List.of(
            "--training=4", "--held-out=4", "--steps=1", "--batch=2", "--methods=chefer,random")) {
      if (List.of(options).stream().noneMatch(o -> o.startsWith(few.split("=")[0] + "="))) {
        args.add(few);
      }
    }
    args.addAll(List.of(options));
    return new CommandLine(new EvaluateCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args.toArray(String[]::new));
  }
}
