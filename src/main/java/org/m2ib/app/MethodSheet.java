package org.m2ib.app;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.results.Lettering;
import org.m2ib.results.Png;

/** A picture of maps: a row for each example, a column for each method, the image before them. */
final class MethodSheet {
  private static final int PANEL = 84; // fifteen in a row still fit a page, and a repository
  private static final int GAP = 4;
  private static final int LETTERS = 12;
  private static final int LINE = 15;

  /** Notice, and a method's name in three lines. */
  private static final int HEAD = 5 * LINE;

  private static final int ROW = LINE + PANEL + 2 * GAP;
  private static final Color BACKGROUND = new Color(18, 20, 26);
  private static final Color TEXT = new Color(225, 228, 235);
  private static final String NOTICE = "Not for diagnostic use. Not a diagnostic device.";

  private final Lettering lettering = new Lettering();
  private final BufferedImage sheet;
  private final Graphics2D canvas;

  private MethodSheet(int columns, int rows) {
    sheet =
        new BufferedImage(
            GAP + columns * (PANEL + GAP), HEAD + rows * ROW, BufferedImage.TYPE_INT_RGB);
    canvas = sheet.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.setColor(BACKGROUND);
    canvas.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
  }

  /**
   * @param examples with maps of the same methods in the same order
   */
  static void write(Path file, String about, List<ExamplePage.Example> examples)
      throws IOException {
    List<ExamplePage.Mapped> methods = examples.get(0).maps();
    MethodSheet made = new MethodSheet(1 + methods.size(), examples.size());
    made.line(about + ". " + NOTICE, 0, LINE);
    for (int i = 0; i < methods.size(); i++) {
      List<String> words = List.of(methods.get(i).method().split("(?<=-)"));
      for (int j = 0; j < words.size(); j++) {
        made.line(words.get(j), i + 1, HEAD - GAP - (words.size() - 1 - j) * LINE);
      }
    }
    for (int i = 0; i < examples.size(); i++) {
      made.row(examples.get(i), HEAD + i * ROW);
    }
    made.canvas.dispose();
    Files.write(file, Png.of(made.sheet));
  }

  private void row(ExamplePage.Example example, int top) {
    line(example.sentence(), 0, top + LINE - GAP);
    List<BufferedImage> pictures = new ArrayList<>();
    pictures.add(ExamplePage.picture(example, new float[example.pixels()]));
    example.maps().forEach(mapped -> pictures.add(ExamplePage.picture(example, mapped.map())));
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage picture = pictures.get(i);
      double scale = PANEL / (double) Math.max(picture.getWidth(), picture.getHeight());
      canvas.drawImage(
          picture,
          left(i),
          top + LINE,
          (int) (scale * picture.getWidth()),
          (int) (scale * picture.getHeight()),
          null);
    }
  }

  private static int left(int column) {
    return GAP + column * (PANEL + GAP);
  }

  private void line(String text, int column, int baseline) {
    lettering.draw(canvas, text, left(column), baseline, LETTERS, TEXT);
  }
}
