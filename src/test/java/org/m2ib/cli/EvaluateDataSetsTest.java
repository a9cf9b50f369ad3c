package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.HfFolder;
import org.m2ib.lab.phantom.Dictation;
import picocli.CommandLine;

/** Four published data sets, each as it is laid out, with made-up pictures and truths. */
class EvaluateDataSetsTest {
  private static final int SIZE = 64;

  @TempDir static Path model;
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data;

  @BeforeAll
  static void load() {
    HfFolder.write(model, HfFolder.Sizes.PHANTOM, Dictation.words());
  }

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("data");
    picture("ms-cxr/files/p10/p1/s1/02aa.jpg");
    text(
        "ms-cxr/MS_CXR_Local_Alignment_v1.1.0.json",
        """
        {"categories": [{"id": 1, "name": "Pneumonia"}],
         "images": [{"id": 7, "file_name": "02aa.jpg", "path": "files/p10/p1/s1/02aa.jpg",
                     "width": 64, "height": 64}],
         "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "bbox": [8, 8, 20, 30],
                          "label_text": "right lower lobe opacity"}]}
        """);
    picture("stanford/CheXpert/test/patient64741/study1/view1_frontal.jpg");
    String mask = "{\"size\": [64, 64], \"counts\": [650, 20, 44, 20, 3362]}";
    String none = "{\"size\": [64, 64], \"counts\": [4096]}";
    text(
        "stanford/CheXlocalize/gt_segmentations_test.json",
        "{\"patient64741_study1_view1_frontal\": {\"Edema\": %s, \"Pneumothorax\": %s, \"Cardiomegaly\": %s}}"
            .formatted(none, mask, mask));
    picture("vindr-cxr/test/0a1b.png");
    text(
        "vindr-cxr/annotations/annotations_test.csv",
        """
        image_id,class_name,x_min,y_min,x_max,y_max,image_width,image_height
        0a1b,Lung Opacity,10.5,6.2,40.0,50.7,64,64
        0a1b,No finding,,,,,64,64
        """);
    picture("chestx-det/test_data/00042.png");
    text(
        "chestx-det/ChestX_Det_test.json",
        """
        [{"file_name": "00042.png", "syms": ["Effusion"], "boxes": [[10, 10, 40, 40]],
          "width": 64, "height": 64, "polygons": [[[10, 10], [40, 10], [40, 40]]]}]
        """);
  }

  private void picture(String name) throws IOException {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < SIZE * SIZE; i++) {
      image.getRaster().setSample(i % SIZE, i / SIZE, 0, (i * 7 + i / SIZE * 3) % 256);
    }
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
  }

  private void text(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private int run(String... options) {
    return runTo("out", options);
  }

  private int runTo(String name, String... options) {
    String[] all =
        Stream.concat(
                Stream.of(
                    "--model=" + model, "--out=" + folder.resolve(name), "--methods=centre,random"),
                Arrays.stream(options))
            .toArray(String[]::new);
    return new CommandLine(new EvaluateCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }

  @Test
  void oneCommandWritesAPageWithASectionForEachOfAFolder() throws IOException {
    Path page = folder.resolve("doc/page.md");
    assertThat(run("--data=" + data, "--doc=" + page)).as(err.toString()).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("## ")))
        .containsExactly("## ChestX-Det", "## MS-CXR", "## CheXlocalize", "## VinDr-CXR");
    assertThat(out.toString())
        .contains(
            "--data chestx-det ", "--data ms-cxr ", "--data CheXlocalize ", "--data vindr-cxr ")
        .contains("CheXlocalize: 1 pictures; 0 examples could not be asked")
        .contains("| method | n | hit rate | mIoU, Otsu | Dice, two clusters |")
        .contains("| centre | 2 | ", "](chexlocalize/methods.png)");
    assertThat(err.toString()).contains("left out, no segmentation: 1", "left out, no finding: 1");
    for (String name : new String[] {"chestx-det", "ms-cxr", "chexlocalize", "vindr-cxr"}) {
      assertThat(folder.resolve("out/" + name + "/methods.csv")).content().contains("hit rate");
      assertThat(folder.resolve("doc/pictures/" + name + "-methods.png")).isNotEmptyFile();
      assertThat(page).content().contains("](pictures/" + name + "-methods.png)");
    }
    assertThat(folder.resolve("out/methods.md")).content().isEqualTo(out.toString());
  }

  @Test
  void severalAreNamedAndOneThatCannotBeReadStopsNoOther() throws IOException {
    Files.delete(data.resolve("ms-cxr/files/p10/p1/s1/02aa.jpg"));
    int code =
        run(
            "--data=" + data.resolve("ms-cxr"),
            "--data=" + data.resolve("stanford"),
            "--data=" + data.resolve("stanford/CheXlocalize/gt_segmentations_test.json"));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: ", "02aa.jpg", "no row can be used");
    assertThat(out.toString().lines().filter(line -> line.startsWith("## ")))
        .containsExactly("## CheXlocalize", "## CheXlocalize");
    assertThat(folder.resolve("out/chexlocalize-2/methods.md")).isNotEmptyFile();
  }

  @Test
  void aSweepTakesOneDataSet() {
    assertThat(run("--data=" + data, "--sweep=1")).isEqualTo(2);
    assertThat(err.toString()).contains("--noises take one data set, not 4");
  }

  /** The only map with a known maximum: the centre's. */
  @Test
  void theFiguresOfPublicationsAreThoseOfTheMapAndTheMask() throws IOException {
    assertThat(run("--data=" + data.resolve("stanford"))).isZero();
    String line = "| centre | 2 | 0.000 |";
    assertThat(out.toString().lines().filter(l -> l.startsWith(line))).hasSize(1);
    String mask = "{\"size\": [64, 64], \"counts\": [1300, 1500, 1296]}"; // columns 20 to 43
    text(
        "stanford/CheXlocalize/gt_segmentations_test.json",
        "{\"patient64741_study1_view1_frontal\": {\"Edema\": %s}}".formatted(mask));
    out.getBuffer().setLength(0);
    assertThat(runTo("second", "--data=" + data.resolve("stanford"))).isZero();
    assertThat(out.toString()).contains("| centre | 1 | 1.000 (1.000 to 1.000) |");
  }
}
