package org.m2ib.lab.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.m2ib.base.Notice;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.results.capture.HeatmapRenderer;
import org.m2ib.results.capture.Png;

/**
 * A page of maps: for each example the image, each method's map over it, and the outline of the
 * finding. One file without scripts or external resources.
 */
public final class ExamplePage {
  /** Of a picture, in pixels. */
  private static final int LONG_SIDE = 256;

  private static final int OUTLINE = 0x40E0FF;
  static final String NOTICE = Notice.NOT_DIAGNOSTIC + " " + Notice.NOT_A_DEVICE;
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  private static final String STYLE =
      """
      body { background: #12141a; color: #e1e4eb; font: 15px/1.4 sans-serif; margin: 24px; }
      h1 { font-size: 22px; } h2 { font-size: 16px; margin: 28px 0 8px; }
      .notice { border-left: 4px solid #ffb000; padding: 4px 12px; }
      .maps { display: flex; flex-wrap: wrap; gap: 12px; }
      figure { margin: 0; } img { display: block; }
      figcaption { max-width: 256px; font-size: 13px; padding-top: 4px; }
      """;

  private final Document page = Document.createShell("");

  /**
   * @param image as displayed
   * @param sentence given to the model
   * @param truth over the image, row-major; null if unknown
   * @param maps in display order
   */
  public record Example(DisplayImage image, String sentence, boolean[] truth, List<Mapped> maps) {
    int pixels() {
      return image.rows() * image.columns();
    }
  }

  /**
   * @param map over the image, row-major, in [0, 1]
   * @param caption remarks next to the method's name
   */
  record Mapped(String method, float[] map, String caption) {}

  private ExamplePage(String title, String about) {
    page.title(title);
    page.outputSettings().prettyPrint(false);
    page.child(0).attr("lang", "en");
    page.head().prependElement("meta").attr("charset", "utf-8");
    page.head()
        .appendElement("meta")
        .attr("http-equiv", "Content-Security-Policy")
        .attr("content", POLICY);
    page.head().appendElement("style").appendChild(new DataNode(STYLE));
    page.body().appendElement("h1").text(title);
    page.body().appendElement("p").addClass("notice").text(NOTICE);
    page.body().appendElement("p").text(about);
  }

  /**
   * @param about origin of the maps: model, data, seed
   */
  public static void write(Path file, String title, String about, List<Example> examples)
      throws IOException {
    ExamplePage page = new ExamplePage(title, about);
    examples.forEach(page::add);
    Files.writeString(file, page.page.outerHtml());
  }

  private void add(Example example) {
    page.body().appendElement("h2").text(example.sentence());
    Element maps = page.body().appendElement("div").addClass("maps");
    float[] nothing = new float[example.pixels()];
    figure(maps, example, nothing, example.truth() == null ? "image" : "image and finding");
    for (Mapped mapped : example.maps()) {
      figure(maps, example, mapped.map(), mapped.method() + ": " + mapped.caption());
    }
  }

  private static void figure(Element maps, Example example, float[] map, String caption) {
    BufferedImage picture = picture(example, map);
    Element figure = maps.appendElement("figure");
    figure
        .appendElement("img")
        .attr("alt", caption)
        .attr("width", String.valueOf(picture.getWidth()))
        .attr("height", String.valueOf(picture.getHeight()))
        .attr(
            "src", "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.of(picture)));
    figure.appendElement("figcaption").text(caption);
  }

  /** The image with a map over it and the outline of the ground truth. */
  static BufferedImage picture(Example example, float[] map) {
    DisplayImage image = example.image();
    if (map.length != example.pixels()) {
      throw new IllegalArgumentException(
          "a map of %d values over an image of %d x %d"
              .formatted(map.length, image.rows(), image.columns()));
    }
    int longSide = Math.max(image.rows(), image.columns());
    int rows = Math.max(1, image.rows() * LONG_SIDE / longSide);
    int columns = Math.max(1, image.columns() * LONG_SIDE / longSide);
    int[] source = new int[rows * columns];
    boolean[] truth = new boolean[rows * columns];
    for (int i = 0; i < source.length; i++) {
      int y = (int) ((i / columns + 0.5) * image.rows() / rows);
      int x = (int) ((i % columns + 0.5) * image.columns() / columns);
      source[i] = y * image.columns() + x;
      truth[i] = example.truth() != null && example.truth()[source[i]];
    }
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < source.length; i++) {
      int colour = HeatmapRenderer.tint(rgb(image, source[i]), map[source[i]]);
      picture.setRGB(
          i % columns, i / columns, PhantomSheet.isEdge(truth, columns, i) ? OUTLINE : colour);
    }
    return picture;
  }

  private static int rgb(DisplayImage image, int pixel) {
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      int at = pixel * image.channels() + Math.min(c, image.channels() - 1);
      rgb = rgb << 8 | Math.round(255 * image.values()[at]);
    }
    return rgb;
  }
}
