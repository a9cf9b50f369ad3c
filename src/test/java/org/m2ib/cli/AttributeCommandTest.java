package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Golden;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.PictureFile;
import org.m2ib.metrics.Similarities;
import picocli.CommandLine;

class AttributeCommandTest {
  private static final String TEXT = "Small left pleural effusion.";
  private static final int ROWS = 260;
  private static final int COLUMNS = 340;

  @TempDir private Path folder;

  private record Run(int code, String out, String err) {
    JsonNode first() throws IOException {
      return array().get(0);
    }

    ArrayNode array() throws IOException {
      return (ArrayNode)
          new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(out);
    }
  }

  @Test
  void theMapOfTheInputIsInterpolatedFirstAndScaledAfter() throws IOException {
    Run run = run(png("chest.png"), "--text", TEXT, "--json", "--input-map");
    JsonNode grid = run.array().get(0).get("grid");
    assertThat(grid.get("input")).hasSize(224).allSatisfy(row -> assertThat(row).hasSize(224));
    assertThat(numbers(grid.get("input"))).contains(0.0, 1.0);
    run = run(png("chest.png"), "--text", TEXT, "--json");
    assertThat(run.array().get(0).at("/grid/input").isNull()).isTrue();
    assertThat(run.array().get(0).get("textConfidenceDrop").isNumber()).isTrue();
    assertThat(run.array().get(0).has("publishedTextConfidenceDrop")).isTrue();
  }

  @Test
  void jsonIsAnArrayWithTheNamesThatScriptsReadAndNothingElse() throws IOException {
    Run run = run(png("chest.png"), "--text", TEXT, "--json", "--beta", "0.2", "--seed", "s");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.array()).hasSize(1);
    JsonNode one = run.array().get(0);
    assertThat(one.get("image").asText()).isEqualTo(folder.resolve("chest.png").toString());
    assertThat(one.get("text").asText()).isEqualTo(TEXT);
    assertThat(one.get("similarity").asDouble())
        .isCloseTo(similarity(folder.resolve("chest.png")), within(1e-5));
    assertThat(one.get("probability").isNull()).isTrue(); // it was trained without a sigmoid
    assertThat(one.at("/grid/rows").asInt()).isEqualTo(14);
    assertThat(one.at("/grid/columns").asInt()).isEqualTo(14);
    for (String grid : List.of("bits", "scaled")) {
      assertThat(one.get("grid").get(grid)).hasSize(14).allSatisfy(r -> assertThat(r).hasSize(14));
    }
    assertThat(numbers(one.at("/grid/scaled"))).contains(0.0, 1.0);
    assertThat(one.get("tokens")).hasSize(5);
    JsonNode token = one.get("tokens").get(2);
    assertThat(token.get("text").asText()).isEqualTo("pleural");
    assertThat(token.get("start").asInt()).isEqualTo(11);
    assertThat(token.get("end").asInt()).isEqualTo(18);
    DoubleSummaryStatistics bits =
        one.get("tokens").findValues("bits").stream()
            .mapToDouble(JsonNode::asDouble)
            .summaryStatistics();
    assertThat(token.get("scaled").asDouble() * (bits.getMax() - bits.getMin()) + bits.getMin())
        .isCloseTo(token.get("bits").asDouble(), within(1e-9));
    Attribution made = attribution(folder.resolve("chest.png"), 0.2, "s");
    assertThat(token.get("bits").asDouble()).isEqualTo(made.tokens().get(2).bits(), within(1e-6));
    assertThat(one.get("confidenceDrop").asDouble()).isEqualTo(made.confidenceDrop(), within(1e-6));
    assertThat(one.get("confidenceIncrease").asDouble()).isEqualTo(made.confidenceIncrease());
    assertThat(one.get("textConfidenceDrop").asDouble())
        .isEqualTo(made.textConfidenceDrop(), within(1e-6));
    assertThat(numbers(one.at("/grid/bits")))
        .containsExactly(
            Stream.of(made.map()).flatMapToDouble(Arrays::stream).boxed().toArray(Double[]::new));
    assertThat(one.at("/model/hash").asText()).matches("[0-9a-f]{64}");
    assertThat(one.at("/settings/beta").asDouble()).isEqualTo(0.2);
    assertThat(one.at("/settings/layer").asInt()).isZero(); // as its card chose
    assertThat(one.at("/settings/seed").asText()).isEqualTo("s");
    assertThat(one.at("/settings/precision").asText()).isEqualTo("float32");
    assertThat(one.at("/settings/noise").asText()).isEqualTo("independent");
    assertThat(one.get("truncated").asBoolean()).isFalse();
    assertThat(one.get("cut").asText()).isEmpty();
    assertThat(one.get("notice").asText()).contains("Not for diagnostic use", "Phantom model");
  }

  @Test
  void precisionAndKindOfNoiseAreTold() throws IOException {
    String image = png("chest.png");
    JsonNode one =
        quick(image, "--text", TEXT, "--json", "--precision=bfloat16", "--noise=antithetic")
            .array()
            .get(0);
    assertThat(one.at("/settings/precision").asText()).isEqualTo("bfloat16");
    assertThat(one.at("/settings/noise").asText()).isEqualTo("antithetic");
  }

  @Test
  void withoutJsonATableSaysWhereTheMapPointsAndWhatItIsNotFor() throws IOException {
    Run run = quick(png("chest.png"), "--text", TEXT);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("chest.png", "similarity", TEXT, "chest.png-1.png")
        .containsPattern("(upper|mid|lower) (left|centre|right)")
        .contains("Not for diagnostic use.", "Phantom model");
  }

  @Test
  void ofAModelWithASigmoidTheProbabilityIsToldToo() throws IOException {
    Path model = Files.createDirectory(folder.resolve("siglip"));
    new Golden("tiny-siglip").writeFolder(model);
    String[] arguments = {png("chest.png"), "--text", "No effusion.", "--model", model.toString()};
    JsonNode one = quick(with(arguments, "--json")).array().get(0);
    double probability = one.get("probability").asDouble();
    double scale = FormulaWeights.values("logit_scale", 1)[0];
    double bias = FormulaWeights.values("logit_bias", 1)[0];
    double logit = Math.exp(scale) * one.get("similarity").asDouble() + bias;
    assertThat(probability).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-6));
    assertThat(quick(arguments).out())
        .contains("No effusion. (probability %.4f)".formatted(probability));
  }

  @Test
  void interactionsAreOneMapPerWordAndASheetBesideTheOverlay() throws IOException {
    JsonNode one = quick(png("chest.png"), "--text", TEXT, "--json", "--interactions").first();
    JsonNode words = one.at("/interactions/words");
    assertThat(words.findValuesAsText("text"))
        .containsExactly("Small", "left", "pleural", "effusion", ".");
    assertThat(words.get(2).get("start").asInt()).isEqualTo(11);
    assertThat(words.get(2).get("end").asInt()).isEqualTo(18);
    assertThat(words.get(2).get("map")).hasSize(14).allSatisfy(r -> assertThat(r).hasSize(14));
    assertThat(one.at("/interactions/picture").asText()).endsWith("chest.png-1-words.png");
    BufferedImage sheet = ImageIO.read(Path.of(one.at("/interactions/picture").asText()).toFile());
    assertThat(sheet.getWidth()).isEqualTo(4 * 248 + 8); // two rows of words
    assertThat(sheet.getHeight()).isGreaterThan(2 * 240 * ROWS / COLUMNS);
  }

  @Test
  void interactionsAreOnlyMadeOnRequest() throws IOException {
    JsonNode one = quick(png("chest.png"), "--text", TEXT, "--json").first();
    assertThat(one.get("interactions").isNull()).isTrue();
    assertThat(folder.resolve("out/chest.png-1-words.png")).doesNotExist();
  }

  private static String[] with(String[] arguments, String more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aSentenceThatIsTooLongIsToldWithTheWordsThatWereCut() throws IOException {
    String image = png("chest.png");
    String text = "Effusion" + " left".repeat(21) + " pleural effusion.";
    JsonNode one = quick(image, "--text", text, "--json").array().get(0);
    assertThat(one.get("truncated").asBoolean()).isTrue();
    assertThat(one.get("cut").asText()).isEqualTo("pleural effusion.");
    assertThat(quick(image, "--text", text).out())
        .contains(text + " (too long for the model; not read: pleural effusion.)");
  }

  @Test
  void anotherMethodMakesAnotherMapAndIsNamed() throws IOException {
    String image = png("chest.png");
    JsonNode m2ib = quick(image, "--text", TEXT, "--json").array().get(0);
    JsonNode eclip = quick(image, "--text", TEXT, "--json", "--method=grad-eclip").array().get(0);
    assertThat(m2ib.get("method").asText()).isEqualTo("m2ib");
    assertThat(eclip.get("method").asText()).isEqualTo("grad-eclip");
    assertThat(eclip.get("similarity")).isEqualTo(m2ib.get("similarity"));
    assertThat(eclip.get("grid")).isNotEqualTo(m2ib.get("grid"));
  }

  @Test
  void eachSentenceOfOneImageHasItsOverlay() throws IOException {
    Path lines = Files.writeString(folder.resolve("lines"), "\n No effusion. \n\n" + TEXT + "\n");
    Run run = quick(png("a.png"), "--text", "Clear lungs.", "--texts", lines.toString(), "--json");
    assertThat(run.code()).isZero();
    assertThat(run.array())
        .extracting(e -> e.get("text").asText())
        .containsExactly("Clear lungs.", "No effusion.", TEXT);
    for (int i = 1; i <= 3; i++) {
      BufferedImage overlay = ImageIO.read(out().resolve("a.png-" + i + ".png").toFile());
      assertThat(overlay.getWidth()).isEqualTo(COLUMNS);
      assertThat(overlay.getHeight()).isGreaterThan(ROWS); // the band with the caption
    }
  }

  @Test
  void theSameSentenceTwiceHasTheSameMapTwice() throws IOException {
    Run run = quick(png("a.png"), "--text", TEXT, "--text", TEXT, "--json");
    assertThat(run.array()).hasSize(2);
    assertThat(run.array().get(0).get("grid")).isEqualTo(run.array().get(1).get("grid"));
    assertThat(overlays()).containsExactly("a.png-1.png", "a.png-2.png");
  }

  @Test
  void aBadImageInAFolderDoesNotStopTheOthers() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.write(images.resolve("a.png"), Files.readAllBytes(Path.of(png("x.png"))));
    Files.writeString(images.resolve("b.dcm"), "no image");
    Files.write(images.resolve("c.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    Files.write(images.resolve("d"), Files.readAllBytes(Path.of(dicom("x.dcm", "MONOCHROME2"))));
    Files.writeString(images.resolve(".hidden"), "not looked at");
    Run run = quick(images.toString(), "--text", TEXT, "--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.array())
        .extracting(e -> Path.of(e.get("image").asText()).getFileName().toString())
        .containsExactly("a.png", "d");
    assertThat(run.err().lines())
        .hasSize(2)
        .anyMatch(l -> l.contains("b.dcm: neither PNG nor JPEG; read as DICOM: "))
        .anyMatch(l -> l.contains("c.png"));
  }

  @Test
  void dicomIsKnownByItsContentAndGivesTheMapOfTheSamePicture() throws IOException {
    Run run =
        quick(
            png("picture.dcm"), // a wrong name
            dicom("plain", "MONOCHROME2"),
            dicom("inverted", "MONOCHROME1"),
            "--text",
            TEXT,
            "--json");
    assertThat(run.code()).isZero();
    List<Double> picture = numbers(run.array().get(0).at("/grid/bits"));
    for (int i = 1; i < 3; i++) {
      List<Double> other = numbers(run.array().get(i).at("/grid/bits"));
      for (int p = 0; p < picture.size(); p++) {
        assertThat(other.get(p)).isCloseTo(picture.get(p), within(1e-3));
      }
    }
    assertThat(numbers(run.array().get(0).at("/grid/scaled")).stream().distinct())
        .hasSizeGreaterThan(50);
  }

  @Test
  void thePatientsSideIsNamedWhereTheImageSaysWhichItIs() throws IOException {
    assertThat(quick(dicom("a.dcm", "MONOCHROME2"), "--text", TEXT).out())
        .containsPattern("left, patient's right|centre, midline|right, patient's left");
    assertThat(quick(png("a.png"), "--text", TEXT).out()).doesNotContain("patient's", "midline");
  }

  @Test
  void aFrameThatIsNotThereIsNamed() throws IOException {
    Run run = quick(dicom("one.dcm", "MONOCHROME2"), "--text", TEXT, "--frame", "2", "--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.array()).isEmpty();
    assertThat(run.err()).contains("one.dcm: ", "it has one frame; frame 2 was requested");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Run run = quick(folder.resolve("nowhere.png").toString(), "--text", TEXT);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("nowhere.png: no such file");
  }

  @Test
  void anEmptyFolderIsNamed() throws IOException {
    Run run = quick(Files.createDirectory(folder.resolve("none")).toString(), "--text", TEXT);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("none: the folder contains no files");
  }

  @Test
  void aModelThatIsNotThereIsNamed() throws IOException {
    Run run = quick(png("a.png"), "--text", TEXT, "--model", folder.resolve("gone").toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualToIgnoringNewLines("m2ib: gone: no such folder");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void imagesOfTheSameNameDoNotOverwriteEachOther() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.copy(Path.of(png("a.png")), other.resolve("a.png"));
    Run run = quick(png("a.png"), other.resolve("a.png").toString(), "--text", TEXT);
    assertThat(run.code()).isZero();
    assertThat(overlays()).containsExactly("a.png-1.png", "a.png~2-1.png");
  }

  @Test
  void anOverlayNeverTakesAnImagesPlace() throws IOException {
    png("a.png");
    Path image = Path.of(png("a.png-1.png"));
    byte[] before = Files.readAllBytes(image);
    Run run =
        run(
            folder.resolve("a.png").toString(),
            image.toString(),
            "--text",
            TEXT,
            "--steps=2",
            "--out",
            folder.toString());
    assertThat(run.code()).isZero();
    assertThat(image).hasBinaryContent(before);
    assertThat(folder.resolve("a.png~2-1.png")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "--beta=-1, --beta = -1.0: must be above 0 and at most 1000",
    "--steps=0, --steps = 0: must be 1 to 1000",
    "--samples=many, is not an int",
    "--layer=-1, --layer = -1: must be 0 or more",
    "--learning-rate=0, --learning-rate = 0.0",
    "--frame=last, must be first",
    "--text= , --text is blank",
    "--method=M2IB, '--method: unknown method ''M2IB''; methods are m2ib, m2ib-contrast, nib, grad-eclip'",
    "--precision=float16, '--precision float16: must be float32, bfloat16 or auto'",
    "--noise=some, --noise",
    "--device=tpu, '--device tpu: must be cpu, gpu'",
    "--unlike, Unknown option"
  })
  void aBadOptionIsAUsageErrorThatNamesIt(String option, String message) throws IOException {
    Run run = run(png("a.png"), "--text", TEXT, option);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message).contains("Usage: attribute");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void theHelpNamesEveryMethod() {
    assertThat(run("--help").out()).contains(Methods.NAMES);
  }

  @Test
  void withoutASentenceTheUsageIsWrong() throws IOException {
    assertThat(run(png("a.png")).code()).isEqualTo(2);
    Path empty = Files.createFile(folder.resolve("empty"));
    Run run = run(png("a.png"), "--texts", empty.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no sentence");
  }

  @Test
  void aFileOfSentencesThatCannotBeReadIsNamed() throws IOException {
    Run gone = run(png("a.png"), "--texts", folder.resolve("gone.txt").toString());
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains("gone.txt: no such file");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, '\n'});
    Run bad = run(png("a.png"), "--texts", latin.toString());
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).contains("latin.txt: not UTF-8 text");
  }

  /** Few steps, for what does not depend on them. */
  private Run quick(String... args) {
    List<String> all = new ArrayList<>(List.of("--steps=2", "--samples=2"));
    all.addAll(List.of(args));
    return run(all.toArray(String[]::new));
  }

  private Run run(String... args) {
    List<String> all = new ArrayList<>(List.of("--out", out().toString()));
    all.addAll(List.of(args));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new AttributeCommand())
            .setOverwrittenOptionsAllowed(true)
            .setExecutionExceptionHandler(new Failures())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private Path out() {
    return folder.resolve("out");
  }

  private List<String> overlays() throws IOException {
    try (Stream<Path> files = Files.list(out())) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static double similarity(Path picture) throws IOException {
    try (ClipModel model = ClipModel.builtIn()) {
      Similarities similarities = new Similarities(model);
      return similarities.cosine(
          similarities.embed(model.preprocessor().apply(PictureFile.read(picture))), TEXT);
    }
  }

  private static Attribution attribution(Path picture, double beta, String seed)
      throws IOException {
    try (ClipModel model = ClipModel.builtIn();
        Attributor m2ib =
            Methods.m2ib(model, M2ibSettings.of(model.chosen()).withSeed(seed).with(0, beta, 10))) {
      return m2ib.attribute(model.preprocessor().apply(PictureFile.read(picture)), TEXT);
    }
  }

  private static List<Double> numbers(JsonNode grid) {
    List<Double> numbers = new ArrayList<>();
    grid.forEach(row -> row.forEach(value -> numbers.add(value.asDouble())));
    return numbers;
  }

  /** A gradient with a bright square, from 0 to 255. */
  private static int pixel(int x, int y) {
    return x > 200 && x < 260 && y > 150 && y < 220 ? 255 : x / 2;
  }

  private String png(String name) throws IOException {
    BufferedImage image = new BufferedImage(COLUMNS, ROWS, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      image.getRaster().setSample(i % COLUMNS, i / COLUMNS, 0, pixel(i % COLUMNS, i / COLUMNS));
    }
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file.toString();
  }

  private String dicom(String name, String photometric) throws IOException {
    byte[] pixels = new byte[ROWS * COLUMNS];
    for (int i = 0; i < pixels.length; i++) {
      int value = pixel(i % COLUMNS, i / COLUMNS);
      pixels[i] = (byte) (photometric.equals("MONOCHROME1") ? 255 - value : value);
    }
    DicomObject object =
        DicomFiles.made("1.2.3.5")
            .set(Tags.PatientOrientation, "L", "F")
            .set(Tags.Rows, ROWS)
            .set(Tags.Columns, COLUMNS)
            .set(Tags.SamplesPerPixel, 1)
            .set(Tags.PhotometricInterpretation, photometric)
            .set(Tags.BitsAllocated, 8)
            .set(Tags.BitsStored, 8)
            .set(Tags.HighBit, 7)
            .set(Tags.PixelRepresentation, 0)
            .set(Tags.PixelData, pixels);
    return DicomFiles.write(object, folder, name).toString();
  }
}
