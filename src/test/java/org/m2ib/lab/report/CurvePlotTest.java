package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvePlotTest {
  @TempDir Path folder;

  @Test
  void eachMethodHasALineOfItsOwnColour() throws IOException {
    Set<Integer> one = colours(write(Map.of("M2IB", List.of(1.0, 0.2, 0.1))));
    Map<String, List<Double>> two = new LinkedHashMap<>();
    two.put("M2IB", List.of(1.0, 0.2, 0.1));
    two.put("random map", List.of(1.0, 0.8, 0.1));
    Set<Integer> more = colours(write(two));
    more.removeAll(one);
    assertThat(more).isNotEmpty();
  }

  @Test
  void aCurveOfOtherPlacesIsDrawnThere() throws IOException {
    Map<String, List<Double>> curve = Map.of("M2IB", List.of(1.0, 0.2, 0.1));
    Path even = folder.resolve("even.png");
    CurvePlot.write(even, "t", "x", List.of(0.0, 0.5, 1.0), "y", curve);
    Path early = folder.resolve("early.png");
    CurvePlot.write(early, "t", "x", List.of(0.0, 0.1, 1.0), "y", curve);
    Path plain = folder.resolve("plain.png");
    CurvePlot.write(plain, "t", "x", "y", curve);
    assertThat(plain).hasSameBinaryContentAs(even);
    assertThat(Files.readAllBytes(early)).isNotEqualTo(Files.readAllBytes(even));
  }

  @Test
  void itIsAsWideAsAPage() throws IOException {
    BufferedImage picture = write(Map.of("M2IB", List.of(1.0, 0.2)));
    assertThat(picture.getWidth()).isEqualTo(900);
    assertThat(picture.getHeight()).isEqualTo(560);
  }

  @Test
  void withoutAnInstalledFontItSaysWhatToInstall() throws Exception {
    Path none = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + folder, // where Java keeps what it knows of fonts
            "-cp",
            System.getProperty("java.class.path"),
            CurvePlotTest.class.getName(),
            folder.resolve("curves.png").toString());
    program.environment().put("FONTCONFIG_FILE", none.toString());
    Process run = program.redirectErrorStream(true).start();
    String said = new String(run.getInputStream().readAllBytes());
    assertThat(said).contains("curves cannot be drawn: install a font (Debian: fonts-dejavu-core)");
    assertThat(folder.resolve("curves.png")).doesNotExist();
  }

  /** Draws a picture in a program of its own. */
  public static void main(String[] file) {
    try {
      CurvePlot.write(Path.of(file[0]), "t", "x", "y", Map.of("m", List.of(1.0, 0.0)));
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private BufferedImage write(Map<String, List<Double>> curves) throws IOException {
    Path file = folder.resolve("curves.png");
    CurvePlot.write(file, "Deletion", "share of pixels deleted", "similarity", curves);
    return ImageIO.read(file.toFile());
  }

  /** Of more than a few pixels: the smoothed edges of letters are left out. */
  private static Set<Integer> colours(BufferedImage picture) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < picture.getWidth() * picture.getHeight(); i++) {
      counts.merge(picture.getRGB(i % picture.getWidth(), i / picture.getWidth()), 1, Integer::sum);
    }
    counts.values().removeIf(count -> count < 200);
    return new HashSet<>(counts.keySet());
  }
}
