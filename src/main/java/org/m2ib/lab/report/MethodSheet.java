package org.m2ib.lab.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A picture of maps: a row for each example with the image and a column for each method. */
public final class MethodSheet {
  private static final int PANEL = 84; // fifteen in a row still fit a page, and a repository
  private static final int GAP = 4;
  private static final int LETTERS = 12;
  private static final int LINE = 15;

  /** Notice, and a method's name in three lines. */
  private static final int HEAD = 5 * LINE;

  private static final int ROW = LINE + PANEL + 2 * GAP;

  private final Sheet sheet;

  private MethodSheet(int columns, int rows) {
    sheet = new Sheet(GAP + columns * (PANEL + GAP), HEAD + rows * ROW, LETTERS);
  }

  /**
   * @param examples with maps of the same methods in the same order
   */
  public static void write(Path file, String about, List<ExamplePage.Example> examples)
      throws IOException {
    List<ExamplePage.Mapped> methods = examples.get(0).maps();
    MethodSheet methodSheet = new MethodSheet(1 + methods.size(), examples.size());
    methodSheet.line(about + ". " + ExamplePage.NOTICE, 0, LINE);
    for (int i = 0; i < methods.size(); i++) {
      List<String> words = List.of(methods.get(i).method().split("(?<=-)"));
      for (int j = 0; j < words.size(); j++) {
        methodSheet.line(words.get(j), i + 1, HEAD - GAP - (words.size() - 1 - j) * LINE);
      }
    }
    for (int i = 0; i < examples.size(); i++) {
      methodSheet.row(examples.get(i), HEAD + i * ROW);
    }
    methodSheet.sheet.write(file);
  }

  private void row(ExamplePage.Example example, int top) {
    line(example.sentence(), 0, top + LINE - GAP);
    List<BufferedImage> pictures = new ArrayList<>();
    pictures.add(ExamplePage.picture(example, new float[example.pixels()]));
    example.maps().forEach(mapped -> pictures.add(ExamplePage.picture(example, mapped.map())));
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage picture = pictures.get(i);
      double scale = PANEL / (double) Math.max(picture.getWidth(), picture.getHeight());
      sheet.lay(
          picture,
          columnLeft(i),
          top + LINE,
          (int) (scale * picture.getWidth()),
          (int) (scale * picture.getHeight()));
    }
  }

  private static int columnLeft(int column) {
    return GAP + column * (PANEL + GAP);
  }

  private void line(String text, int column, int baseline) {
    sheet.line(text, columnLeft(column), baseline);
  }
}
