package org.m2ib.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.lab.report.ExamplePage.Example;
import org.m2ib.lab.report.ExamplePage.Mapped;

class ExamplePageTest {
  private static final int ROWS = 512;
  private static final int COLUMNS = 384;
  private static final int OUTLINE = 0xFF40E0FF;

  @TempDir Path folder;

  @Test
  void anExampleIsItsImageThenEachMethodsMapWithWhatIsSaidOfIt() throws IOException {
    Document page = page(truth());
    assertThat(page.title()).isEqualTo("Example maps");
    assertThat(page.select("h2").eachText()).containsExactly("A <large> nodule & no more.");
    assertThat(page.select("figcaption").eachText())
        .containsExactly("image and finding", "M2IB: hit, pixel AUC 0.93", "random: miss");
    assertThat(page.select(".notice").text()).contains("Not for diagnostic use");
    assertThat(page.text()).contains("model m, seed 7");
  }

  @Test
  void aPictureKeepsTheImagesShapeAndShowsMapAndOutline() throws IOException {
    Document page = page(truth());
    BufferedImage plain = picture(page, 0);
    BufferedImage mapped = picture(page, 1);
    assertThat(plain.getWidth()).isEqualTo(192);
    assertThat(plain.getHeight()).isEqualTo(256);
    assertThat(plain.getRGB(10, 10)).isEqualTo(0xFF808080);
    assertThat(plain.getRGB(50, 50)).as("upper left of the finding").isEqualTo(OUTLINE);
    assertThat(plain.getRGB(60, 60)).as("within it").isEqualTo(0xFF808080);
    assertThat(mapped.getRGB(50, 50)).isEqualTo(OUTLINE);
    assertThat(mapped.getRGB(60, 60)).as("where the map is 0").isEqualTo(0xFF808080);
    assertThat(mapped.getRGB(150, 200)).as("where it is 1").isNotEqualTo(0xFF808080);
  }

  @Test
  void withoutATruthThereIsNoOutline() throws IOException {
    Document page = page(null);
    assertThat(page.select("figcaption").first().text()).isEqualTo("image");
    assertThat(picture(page, 1).getRGB(50, 50)).isEqualTo(0xFF808080);
  }

  @Test
  void thePageHoldsAllThatItNeeds() throws IOException {
    Document page = page(truth());
    assertThat(page.select("script, link, iframe")).isEmpty();
    assertThat(page.select("img").eachAttr("src"))
        .hasSize(3)
        .allMatch(source -> source.startsWith("data:image/png;base64,"));
    assertThat(page.html()).doesNotContain("http://", "https://");
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .startsWith("default-src 'none'");
  }

  @Test
  void aMapOfAnotherSizeIsRefused() {
    Example example = new Example(image(), "s", null, List.of(new Mapped("m", new float[7], "c")));
    assertThatThrownBy(
            () -> ExamplePage.write(folder.resolve("p.html"), "t", "a", List.of(example)))
        .hasMessage("a map of 7 values over an image of 512 x 384");
  }

  private Document page(boolean[] truth) throws IOException {
    float[] map = new float[ROWS * COLUMNS];
    for (int i = 0; i < map.length; i++) {
      map[i] = i / COLUMNS >= ROWS / 2 ? 1 : 0;
    }
    Path file = folder.resolve("examples.html");
    ExamplePage.write(
        file,
        "Example maps",
        "model m, seed 7",
        List.of(
            new Example(
                image(),
                "A <large> nodule & no more.",
                truth,
                List.of(
                    new Mapped("M2IB", map, "hit, pixel AUC 0.93"),
                    new Mapped("random", new float[map.length], "miss")))));
    return Jsoup.parse(Files.readString(file));
  }

  private static DisplayImage image() {
    float[] values = new float[ROWS * COLUMNS];
    Arrays.fill(values, 0.5f);
    return new DisplayImage(ROWS, COLUMNS, 1, values);
  }

  /** A square; in the page's pictures its upper left corner is at (50, 50). */
  private static boolean[] truth() {
    boolean[] truth = new boolean[ROWS * COLUMNS];
    for (int y = 100; y < 200; y++) {
      Arrays.fill(truth, y * COLUMNS + 100, y * COLUMNS + 200, true);
    }
    return truth;
  }

  private static BufferedImage picture(Document page, int figure) throws IOException {
    String source = page.select("img").get(figure).attr("src");
    byte[] png = Base64.getDecoder().decode(source.substring(source.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
