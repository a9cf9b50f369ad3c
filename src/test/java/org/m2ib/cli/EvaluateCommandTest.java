package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.HfFolder;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import picocli.CommandLine;

class EvaluateCommandTest {
  @TempDir static Path model;
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void write() {
    HfFolder.write(model, HfFolder.Sizes.PHANTOM, Dictation.words());
  }

  @Test
  void itPrintsTheTablesAndWritesThemForReadersAndPrograms() throws IOException {
    Path document = folder.resolve("document.md");
    Path sheet = folder.resolve("sheet.png");
    int code = run("--phantoms=3", "--doc=" + document, "--sheet=" + sheet);
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("`./m2ib evaluate --model " + model.getFileName())
        .contains(" --phantoms 3 --seed 1000000000 --layer 1 --beta 0.1`")
        .contains("Not a diagnostic device")
        .contains("| at least 1000 findings |", "**NOT MET**")
        .contains("| pneumothorax |", "| all |")
        .doesNotContain(model.getParent().toString());
    assertThat(Files.readString(folder.resolve("out/table.md"))).isEqualTo(out.toString());
    assertThat(Files.readString(document)).contains(out.toString().strip());
    assertThat(Files.readString(folder.resolve("out/table.json")))
        .contains("Not a diagnostic device", "\"processor\"", "\"hash\"", "\"pointing\"")
        .containsPattern("\"versions\" ?: ?\"m2ib \\S+, PyTorch 2\\S+, DJL 0\\S+, Java \\d+\"");
    assertThat(Files.readString(folder.resolve("out/table.csv"))).contains("all,");
    BufferedImage picture = ImageIO.read(sheet.toFile());
    assertThat(picture.getHeight()).isGreaterThan(FindingType.values().length * 150);
  }

  @Test
  void settingsAreComparedOnThePhantomsBehindTheOthers() throws IOException {
    Path document = folder.resolve("document.md");
    assertThat(run("--phantoms=9", "--sweep=2", "--savings=2", "--doc=" + document)).isZero();
    assertThat(out.toString())
        .contains(" --sweep 2 --phantoms 9 --seed 1000000000 --layer 1 --beta 0.1`")
        .contains(" --savings 2 --phantoms 9 --seed 1000000000 --layer 1 --beta 0.1`")
        .contains(
            "phantoms, 2 from seed 1000000009 on: 2 pictures; 0 examples could not be evaluated.")
        .contains("| layer 0, beta 10.0 | ", "| 50 steps | ", "| nib, layer -1, 50 steps | ")
        .contains(
            "| class token kept | ", "| normalised, layer 1, beta 0.1 | ", "| m2ib, smoothed | ")
        .contains("| method | n | rank correlation of maps |", "| tolerance 0.01 | ")
        .contains("Not a diagnostic device");
    assertThat(document)
        .content()
        .contains("<!-- sweep: written by a command from here -->", "<!-- savings: to here -->");
    assertThat(folder.resolve("out/sweep.csv")).content().contains("5 samples", "pixel AUC");
    assertThat(folder.resolve("out/savings.csv")).content().contains("steps taken");
    assertThat(folder.resolve("out/table.md")).doesNotExist();
  }

  @Test
  void mapsOfCollagesAreHeldAgainstTheirTiles() throws IOException {
    Path document = folder.resolve("document.md");
    assertThat(
            execute(
                "--out=" + folder.resolve("out"),
                "--collages=2",
                "--methods=grad-eclip,rollout,centre",
                "--seed=5",
                "--doc=" + document))
        .isZero();
    assertThat(out.toString())
        .contains("./m2ib evaluate --model collages --collages 2 --seed 5 --methods grad-eclip,")
        .contains("collages: 2 pictures; 0 examples could not be asked.")
        .contains("| method | n | right tile | another tile's sentence | pixel AUC |")
        .contains("| rollout | 8 | 0.250 (0.250 to 0.250) | 1.000 (1.000 to 1.000) |");
    assertThat(document)
        .content()
        .contains("<!-- collages: written by a command from here -->", "(pictures/collages.png)");
    assertThat(ImageIO.read(folder.resolve("pictures/collages.png").toFile()).getWidth())
        .isGreaterThan(300);
    assertThat(folder.resolve("out/collages.csv")).content().contains("cat,", "right tile");
  }

  @Test
  void trueAndFalseSentencesAreToldApart() throws IOException {
    Path document = folder.resolve("document.md");
    assertThat(run("--pairs", "--phantoms=4", "--methods=chefer,centre", "--doc=" + document))
        .isZero();
    assertThat(out.toString())
        .contains(" --phantoms 4 --seed 1000000000 --methods chefer,centre ", " --pairs`")
        .contains("| method | n | similarity | map | similarity and map | gain by the map |")
        .contains("| centre | ");
    assertThat(document).content().contains("<!-- pairs of phantoms: written by a command");
    assertThat(folder.resolve("out/pairs.csv"))
        .content()
        .contains("false: the finding denied,chefer");
  }

  @Test
  void collagesAndAnotherDataSetAreTwo() {
    assertThat(run("--collages=2", "--data=" + folder)).isEqualTo(2);
    assertThat(err.toString()).contains("--collages and --data are two data sets");
    assertThat(run("--pairs", "--data=" + folder)).isEqualTo(2);
    assertThat(err.toString()).contains("--pairs needs phantoms or collages");
  }

  @Test
  void aSweepWithoutAFindingSaysSo() {
    assertThat(run("--phantoms=1", "--savings=1", "--seed=" + (withoutAFinding() - 1)))
        .isEqualTo(1);
    assertThat(err.toString()).contains("no finding on 1 phantoms from seed", "use more phantoms");
  }

  private static long withoutAFinding() {
    PhantomGenerator generator = new PhantomGenerator();
    return LongStream.iterate(50, seed -> seed + 1)
        .filter(seed -> generator.make(seed).findings().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSecondRunSaysWhatIsThereAlready() {
    assertThat(run("--phantoms=2")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("--phantoms=2")).isZero();
    assertThat(err.toString()).contains("m2ib: 2 of 2 phantoms exist already");
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void resultsOfOtherSettingsAreNamed() {
    assertThat(run("--phantoms=1")).isZero();
    assertThat(run("--phantoms=1", "--beta=0.3")).isEqualTo(1);
    assertThat(err.toString())
        .contains("results.jsonl holds results of other settings", "name another folder");
  }

  @Test
  void methodsAreComparedOnTheSameExamplesAndARunGoesOn() throws Exception {
    assertThat(run("--phantoms=3", "--methods=m2ib,chefer,centre")).isZero();
    String first = out.toString();
    assertThat(first)
        .contains("| m2ib | ", "| chefer | ", "| centre | ", "Not a diagnostic device");
    assertThat(folder.resolve("out/methods.csv")).content().contains("pointing", "deletion");
    assertThat(folder.resolve("out/methods.json")).content().contains("\"reference\" : \"m2ib\"");
    assertThat(run("--phantoms=3", "--methods=m2ib,chefer,centre")).isZero();
    assertThat(err.toString()).contains("m2ib: 3 of 3 pictures exist already");
    assertThat(run("--phantoms=3", "--methods=m2ib,centre")).isEqualTo(1);
    assertThat(err.toString()).contains("methods.jsonl holds results of other settings");
  }

  @Test
  void oneCommandWritesTheWholePartOfAPageWithItsPictures() throws Exception {
    Path document = folder.resolve("doc/page.md");
    assertThat(run("--phantoms=2", "--methods=rollout,random", "--sanity=1", "--doc=" + document))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains(" --methods rollout,random --layer 1 --beta 0.1 --sanity 1`")
        .contains("| seconds | GFLOP |", "](deletion.png)")
        .contains("Sanity, on the first 1 pictures")
        .contains("| top 1 random | top 2 random | top 3 random | top 4 random | top 5 random |")
        .contains("| another sentence | another seed | shifted by 1 % | brighter by 2 % |");
    assertThat(Files.readString(document))
        .contains(
            "](pictures/deletion.png)", "](pictures/insertion.png)", "](pictures/methods.png)")
        .contains("| top 1 random |");
    for (String picture : new String[] {"deletion.png", "insertion.png", "methods.png"}) {
      BufferedImage drawn = ImageIO.read(folder.resolve("doc/pictures/" + picture).toFile());
      assertThat(drawn.getWidth()).as(picture).isGreaterThan(200);
    }
    assertThat(folder.resolve("out/examples.html")).content().contains("rollout: ", "random: ");
    assertThat(folder.resolve("out/sanity.json")).content().contains("\"top 5 random\"");
    assertThat(folder.resolve("out/sanity.csv")).content().contains(",another seed,1.0,");
    assertThat(folder.resolve("out/methods.md")).content().isEqualTo(out.toString());
  }

  @Test
  void sanityWithoutMethodsIsAUsageError() {
    assertThat(run("--sanity")).isEqualTo(2);
    assertThat(err.toString()).contains("--sanity needs --methods, --data or --collages");
  }

  @Test
  void aMethodThatThereIsNotIsAUsageErrorThatNamesThoseThereAre() {
    assertThat(run("--methods=m2ib,none")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--methods: unknown method 'none'; methods are m2ib, m2ib-contrast, nib");
  }

  @Test
  void aDataSetOfOnesOwnIsAskedAndADamagedPictureIsNamed() throws Exception {
    Path data = dataSet("a.png,There is a nodule.,mask.png", "b.png,No nodule.,mask.png");
    assertThat(run("--data=" + data, "--methods=m2ib,random", "--pictures=2")).isZero();
    assertThat(out.toString())
        .contains(" --data data --pictures 2 --methods m2ib,random ")
        .contains("| m2ib | 1 |", "1 examples could not be asked");
    assertThat(err.toString()).contains("not evaluated: ", "b.png");
  }

  @Test
  void settingsAreComparedOnADataSetOfOnesOwn() throws Exception {
    Path data = dataSet("a.png,There is a nodule.,mask.png", "b.png,No nodule.,mask.png");
    assertThat(run("--data=" + data, "--savings=2")).isZero();
    assertThat(out.toString())
        .contains(" --savings 2 --data data --layer 1 ")
        .contains("2 pictures; 1 examples could not be evaluated", "| other noise | 1 |");
    assertThat(err.toString()).contains("not evaluated: ", "b.png");
    Files.writeString(data.resolve("masks.csv"), "image,sentence,mask\nb.png,No,mask.png\n");
    assertThat(run("--data=" + data, "--sweep=1")).isEqualTo(1);
    assertThat(err.toString()).contains("could be evaluated; see the messages above");
  }

  @Test
  void settingsAreNotComparedWithoutTruth() throws Exception {
    Path data = dataSet();
    Files.delete(data.resolve("masks.csv"));
    Files.writeString(data.resolve("cases.csv"), "image,sentence\na.png,A nodule.\n");
    assertThat(run("--data=" + data, "--savings=2")).isEqualTo(1);
    assertThat(err.toString()).contains("the data set has sentences and no truth");
  }

  @Test
  void whenNoneOfTheFirstPicturesCanBeAskedTheSanityTablesSaySo() throws Exception {
    Path data = dataSet("b.png,No nodule.,mask.png", "a.png,There is a nodule.,mask.png");
    assertThat(run("--data=" + data, "--methods=random", "--sanity=1")).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "none of the first 1 images could be evaluated; see the messages above, or raise --sanity");
  }

  /** A good picture, a.png, and one that is none, b.png, with these lines about them. */
  private Path dataSet(String... lines) throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data);
    png(data.resolve("a.png"), 224, 10, 200);
    png(data.resolve("mask.png"), 224, 0, 255);
    Files.writeString(data.resolve("b.png"), "no picture");
    Files.writeString(
        data.resolve("masks.csv"), "image,sentence,mask\n" + String.join("\n", lines) + "\n");
    return data;
  }

  /** Grey, with a lighter square. */
  private static void png(Path file, int size, int grey, int square) throws Exception {
    BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        boolean inside = x > 60 && x < 120 && y > 60 && y < 120;
        picture.getRaster().setSample(x, y, 0, inside ? square : grey);
      }
    }
    ImageIO.write(picture, "png", file.toFile());
  }

  @Test
  void badOptionsAreUsageErrors() {
    assertThat(run("--phantoms=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--phantoms, --collages and --pictures must be at least 1");
    assertThat(run("--sanity=-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--sanity and --workers must be at least 1");
    assertThat(run("--savings=0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--sweep, --savings, --precisions and --noises must be at least 1");
    assertThat(run("--beta=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--beta = 0.0: must be above 0");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... options) {
    return execute(
        Stream.concat(
                Stream.of("--model=" + model, "--out=" + folder.resolve("out")),
                Arrays.stream(options))
            .toArray(String[]::new));
  }

  private int execute(String... args) {
    CommandLine command =
        new CommandLine(new EvaluateCommand())
            .setExecutionExceptionHandler(new Failures())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return command.execute(args);
  }
}
