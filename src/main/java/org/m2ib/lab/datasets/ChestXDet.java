package org.m2ib.lab.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ChestX-Det (and ChestX-Det10, which has no polygons): findings with box and outline for images of
 * NIH ChestX-ray14. One example per image and finding; the outline is used if present, else the
 * box.
 */
final class ChestXDet {
  static final String NAME = "ChestX-Det";

  /** NIH published its images in this size, unless an entry has width and height. */
  private static final int SIDE = 1024;

  private ChestXDet() {}

  static void json(Path file, Gathering gathering) throws IOException {
    Sentences sentences = Sentences.of(gathering.root());
    int number = 0;
    for (JsonNode entry : JsonFile.tree(file)) {
      String name = entry.path("file_name").asText("");
      Row row =
          new Row(
              "%s, entry %d (%s)".formatted(file, ++number, name),
              Map.of(
                  "image_width", entry.path("width").asText(String.valueOf(SIDE)),
                  "image_height", entry.path("height").asText(String.valueOf(SIDE)),
                  "file_name", name));
      if (entry.path("syms").isArray() && entry.path("syms").isEmpty()) {
        gathering.leaveOut("no finding");
      }
      gathering.attempt(() -> addAll(row, entry, sentences, gathering));
    }
  }

  private static void addAll(Row row, JsonNode entry, Sentences sentences, Gathering gathering)
      throws BadRow {
    JsonNode findings = entry.path("syms");
    if (!findings.isArray() || entry.path("boxes").size() != findings.size()) {
      throw row.bad("syms and boxes must be arrays of the same length");
    }
    for (int i = 0; i < findings.size(); i++) {
      int at = i;
      gathering.attempt(() -> add(row, entry, at, sentences, gathering));
    }
  }

  private static void add(Row row, JsonNode entry, int i, Sentences sentences, Gathering gathering)
      throws BadRow {
    String file = row.text("file_name");
    AnnotatedShape shape = shape(row, entry.path("boxes").path(i), entry.path("polygons").path(i));
    String category = entry.path("syms").get(i).asText();
    gathering.add(
        row, PictureFinder.name(file), file, false, category, sentences.of(category), shape);
  }

  private static AnnotatedShape shape(Row row, JsonNode box, JsonNode polygon) throws BadRow {
    if (polygon.size() > 2) {
      List<double[]> points = new ArrayList<>();
      for (JsonNode point : polygon) {
        points.add(numbers(row, point, 2, "a polygon's point must be [x, y]"));
      }
      return AnnotatedShape.polygon(row, points.toArray(double[][]::new), row.size());
    }
    double[] b = numbers(row, box, 4, "a box must be [x1, y1, x2, y2]");
    return AnnotatedShape.box(row, b[0], b[1], b[2] - b[0], b[3] - b[1], row.size());
  }

  private static double[] numbers(Row row, JsonNode list, int count, String form) throws BadRow {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      if (list.size() != count || !list.get(i).isNumber()) {
        throw row.bad(form + ", in pixels");
      }
      numbers[i] = list.get(i).doubleValue();
    }
    return numbers;
  }
}
