package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.loading.ClipModel;
import picocli.CommandLine;

class ModelsTuneCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;
  private Path model;
  private Path card;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    card = model.resolve("model-card.json");
    HfFolder.Sizes sizes = new HfFolder.Sizes(32, 3, 2, 8, 32, 32, 3, 2, 40, 9, 16);
    HfFolder.write(model, sizes, List.of("pleural", "effusion", "small"));
    Files.writeString(card, "{\"name\": \"ours\", \"licence\": \"CC0\"}");
    picture("a.png", 40, 50);
    picture("b.png", 44, 40);
    picture("mask.png", 40, 50);
  }

  @Test
  void aSitesOwnCasesWithoutATruthAreEnough() throws IOException {
    Path cases = list("image,sentence", "a.png,small effusion", "b.png,pleural effusion");
    assertThat(tune(cases)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("cases: 2 pictures, 2 sentences; chosen by insertion less deletion")
        .contains("| layer 0, beta 0.01, 10 steps | 2 |", "| layer 1, beta 10.0, 10 steps | 2 |")
        .contains("beta 0.1, 5 steps | 2 |", "beta 0.1, 20 steps | 2 |")
        .contains("Chosen: layer 1, beta 0.1, 10 steps.", "Nothing was significantly better")
        .doesNotContain(folder.toString());
    JsonNode written = new ObjectMapper().readTree(card.toFile());
    assertThat(written.get("name").asText()).isEqualTo("ours");
    assertThat(written.get("licence").asText()).isEqualTo("CC0");
    assertThat(written.get("layer").asInt()).isEqualTo(1);
    assertThat(written.get("beta").asDouble()).isEqualTo(0.1);
    assertThat(written.get("steps").asInt()).isEqualTo(10);
    JsonNode figure = written.get("evaluation").get(0);
    assertThat(figure.get("data").asText()).isEqualTo("cases, 2 sentences");
    assertThat(figure.get("figure").asText()).isEqualTo("insertion less deletion");
    assertThat(out.toString())
        .as("the figure of the table's row")
        .containsPattern(
            "\\| layer 1, beta 0.1, 10 steps \\| 2 \\| %.3f "
                .formatted(figure.get("value").asDouble()));
    try (ClipModel tuned = ClipModel.load(model)) {
      assertThat(tuned.chosen().steps()).hasValue(10);
    }
  }

  @Test
  void whereATruthIsKnownItChooses() throws IOException {
    Path cases = list("image,sentence,mask", "a.png,small effusion,mask.png");
    assertThat(tune(cases, "--leave-card")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("masks: 1 pictures, 1 sentences; chosen by pixel AUC");
    assertThat(card).content().doesNotContain("layer");
  }

  @Test
  void aCaseThatCannotBeAskedIsNamedAndTheOthersGoOn() throws IOException {
    Files.writeString(folder.resolve("c.png"), "no picture");
    Path cases = list("image,sentence", "c.png,small effusion", "a.png,small effusion");
    assertThat(tune(cases, "--leave-card")).isZero();
    assertThat(err.toString()).contains("m2ib: c.png: ");
    assertThat(out.toString()).contains("2 pictures, 1 sentences");
  }

  @Test
  void withoutACaseNothingIsChosen() throws IOException {
    assertThat(tune(list("image,sentence"))).isEqualTo(1);
    assertThat(err.toString()).contains("list.csv");
    assertThat(tune(folder.resolve("gone.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("gone.csv: no such folder or file");
    assertThat(tune(list("image,sentence", "a.png,effusion"), "--pictures=0")).isEqualTo(2);
    assertThat(card).content().doesNotContain("layer");
  }

  private Path list(String... lines) throws IOException {
    return Files.writeString(folder.resolve("list.csv"), String.join("\n", lines) + "\n");
  }

  private void picture(String name, int rows, int columns) throws IOException {
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        picture.getRaster().setSample(x, y, 0, x > 10 && x < 25 && y > 8 && y < 20 ? 255 : 0);
      }
    }
    ImageIO.write(picture, "png", folder.resolve(name).toFile());
  }

  private int tune(Path cases, String... more) {
    CommandLine line =
        new CommandLine(new ModelsTuneCommand())
            .setExecutionExceptionHandler(new Failures())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return line.execute(
        Stream.concat(
                Stream.of(
                    model.toString(),
                    "--data=" + cases,
                    "--workers=1",
                    "--out=" + folder.resolve("out" + System.nanoTime())),
                Stream.of(more))
            .toArray(String[]::new));
  }
}
