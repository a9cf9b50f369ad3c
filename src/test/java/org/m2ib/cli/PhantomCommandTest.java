package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.lab.phantom.PhantomGenerator;
import picocli.CommandLine;

class PhantomCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void itWritesAsManyPhantomsAsAskedFor() {
    Path phantoms = folder.resolve("phantoms");
    assertThat(run("--seed=9", "--count=2", "--out", phantoms.toString())).isZero();
    assertThat(out.toString())
        .contains("2 phantoms in " + phantoms, "PHANTOM, not a patient. Not for diagnostic use.");
    assertThat(phantoms.resolve("0002/image.dcm")).exists();
    assertThat(phantoms.resolve("0003")).doesNotExist();
    assertThat(run("--out", phantoms.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: " + phantoms + " is not empty");
  }

  @Test
  void theSheetHasARowForEachFindingAndMarksEachMask() throws Exception {
    Path file = folder.resolve("sheet.png");
    assertThat(run("--seed=3", "--sheet", file.toString())).isZero();
    BufferedImage sheet = ImageIO.read(file.toFile());
    assertThat(sheet.getHeight()).isGreaterThan(8 * PhantomGenerator.SIZE);
    int cell = sheet.getWidth() / 2;
    int row = sheet.getHeight() / 8;
    for (int i = 0; i < 8 * 2; i++) {
      assertThat(edge(sheet, i % 2 * cell, i / 2 * row, cell / 2, row - 30)).isZero();
      assertThat(edge(sheet, i % 2 * cell + cell / 2, i / 2 * row, cell / 2, row - 30))
          .isGreaterThan(8);
    }
  }

  /** How many pixels of a part have the colour of the masks' edges. */
  private static int edge(BufferedImage sheet, int left, int top, int width, int height) {
    int n = 0;
    for (int i = 0; i < width * height; i++) {
      n += (sheet.getRGB(left + i % width, top + i / width) & 0xFFFFFF) == 0xFFB000 ? 1 : 0;
    }
    return n;
  }

  @Test
  void wrongUsageIsRefusedBeforeAnythingIsWritten() {
    Path phantoms = folder.resolve("none");
    for (String count : new String[] {"0", "-3", "10000"}) {
      assertThat(run("--count=" + count, "--out", phantoms.toString())).isEqualTo(2);
      assertThat(err.toString()).contains("--count = " + count + ": must be 1 to 9999");
    }
    assertThat(run("--seed=x", "--out", phantoms.toString())).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("give --out DIR, --sheet FILE or both");
    assertThat(phantoms).doesNotExist();
  }

  @Test
  void aSheetThatCannotBeWrittenIsNamed() {
    Path file = folder.resolve("gone").resolve("sheet.png");
    assertThat(run("--sheet", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: ", file.toString());
    assertThat(Files.exists(file.getParent())).isFalse();
  }

  private int run(String... args) {
    return new CommandLine(new PhantomCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
