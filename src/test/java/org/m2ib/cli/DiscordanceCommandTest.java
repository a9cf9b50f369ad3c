package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.discordance.Kind;
import org.m2ib.discordance.Logistic;
import org.m2ib.discordance.StandardFinding;
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
    Path document = folder.resolve("d.md");
    assertThat(run("--fit=" + file, "--picture=" + picture, "--doc=" + document))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains(
            "| side | ", "| omitted finding | ", "| all kinds | ", "| text only | ", "PPV at 0.5 %")
        .contains("AUROC at least 0.97", "ten times the published 0.66 %");
    Coefficients made = Coefficients.read(file);
    assertThat(made.kinds()).containsKeys(Kind.SIDE, Kind.DENIED, Kind.OMITTED);
    assertThat(made.made().get("command")).contains("--fit-phantoms 50");
    assertThat(picture).isNotEmptyFile();
    assertThat(out.toString())
        .as("the command that made it")
        .contains("--fit " + file + " --picture " + picture + " --doc " + document + "`")
        .contains("Share of wrong ones by score", "| slope | intercept |", "Time: the list's");
    assertThat(document)
        .content()
        .contains("<!-- discordance: to here -->", "<!-- discordance-calibration: to here -->")
        .contains(out.toString().lines().toList());
  }

  @Test
  void withoutAControlCalibrationIsMeasuredAlone() throws IOException {
    assertThat(execute("--phantoms=10", "--fit-phantoms=0", "--coefficients=" + fitted()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("--fit-phantoms 0", "| slope | intercept |")
        .doesNotContain("text only", "AUROC");
    assertThat(execute("--fit-phantoms=0", "--fit=c.json")).isEqualTo(2);
    assertThat(err.toString()).contains("or 0 without --fit");
  }

  @Test
  void itMeasuresADataSetByItsStudies() throws IOException {
    data(
        """
        image,sentence,study
        0.png,Left pleural effusion.,a
        1.png,Left pleural effusion.,a
        0.png,No pneumothorax.,a
        2.png,Right upper zone nodule.,b
        3.png,There is a pneumothorax.,c
        4.png,The lungs are clear.,d
        missing.png,Left pleural effusion.,e
        """);
    assertThat(execute("--data=" + folder, "--coefficients=" + fitted()))
        .as("one image is missing: " + err)
        .isZero();
    assertThat(out.toString())
        .contains(
            "--data " + folder,
            "--coefficients " + folder,
            "cases, 5 images and 5 sentences, 1 of them without")
        .contains("errors can be made in those of 3 studies")
        .contains("| side | 2 |", "| negation | 4 |", "| location | 1 |", "text only")
        .doesNotContain("omitted finding", "false finding", "aim");
    assertThat(err.toString()).contains("missing.png");
  }

  @Test
  void wrongFilesAreNamedWithWhatToDo() throws IOException {
    Path file = folder.resolve("coefficients.json");
    assertThat(execute("--data=" + folder.resolve("none"), "--coefficients=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("none: no such folder or file");
    data("image,sentence\n0.png,Normal.\n1.png,Clear.\n");
    assertThat(execute("--data=" + folder, "--coefficients=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("no such file; ./m2ib evaluate discordance --fit FILE");
    Files.writeString(file, "[]");
    assertThat(execute("--data=" + folder, "--coefficients=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("no coefficients; ./m2ib evaluate discordance --fit FILE");
    Files.writeString(file, "{\"model\": \"other\"}");
    assertThat(execute("--data=" + folder, "--coefficients=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("coefficients.json: \"sentences\" has no \"");
    String own = Files.readString(fitted());
    Files.writeString(file, own.replaceFirst("\"model\" : \"[^\"]+\"", "\"model\" : \"other\""));
    assertThat(execute("--data=" + folder, "--coefficients=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("coefficients of another model");
    assertThat(execute("--data=" + folder, "--coefficients=" + fitted())).isEqualTo(1);
    assertThat(err.toString()).contains("made errors need two studies", "0 of its 2 sentences");
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertThat(run("--data=" + folder)).isEqualTo(2);
    assertThat(err.toString()).contains("--phantoms and --data");
    assertThat(run("--fit=a", "--coefficients=b")).isEqualTo(2);
    assertThat(err.toString()).contains("--fit makes coefficients");
  }

  /** Coefficients of the model that know nothing. */
  private Path fitted() throws IOException {
    Map<String, Coefficients.Spread> sentences = new HashMap<>();
    StandardFinding.allSentences().forEach(s -> sentences.put(s, new Coefficients.Spread(0, 1)));
    Logistic even = new Logistic(List.of(), List.of(), List.of(), 0);
    Map<String, Logistic> byFinding = new HashMap<>();
    StandardFinding.all().forEach(finding -> byFinding.put(finding.code(), even));
    Map<Kind, Logistic> kinds = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      kinds.put(kind, even);
    }
    String hash;
    try (ClipModel clip = ClipModel.load(model, "cpu")) {
      hash = clip.card().hash();
    }
    Path file = folder.resolve("coefficients.json");
    Files.write(
        file,
        new Coefficients(hash, Map.of(), sentences, byFinding, byFinding, byFinding, kinds, kinds)
            .json());
    return file;
  }

  private void data(String table) throws IOException {
    Files.writeString(folder.resolve("cases.csv"), table);
    for (int i = 0; i < 5; i++) {
      BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setSample(10 * i, 32, 0, 255);
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
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
    List<String> arguments = new ArrayList<>(List.of("--phantoms=10", "--fit-phantoms=50"));
    arguments.addAll(List.of(more));
    return execute(arguments.toArray(String[]::new));
  }

  private int execute(String... options) {
    CommandLine line = new CommandLine(new DiscordanceCommand());
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> arguments = new ArrayList<>(List.of("--model=" + model));
    arguments.addAll(List.of(options));
    return line.execute(arguments.toArray(String[]::new));
  }
}
