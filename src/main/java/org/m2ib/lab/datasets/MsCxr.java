package org.m2ib.lab.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MS-CXR (PhysioNet, versions 0.1 to 1.1.0): radiologists' phrases with boxes on MIMIC-CXR images.
 * Its JSON file is in COCO format, its CSV file has a line per box; both have the same content. One
 * example per image and phrase, with all its boxes. Splits are for training and are ignored.
 */
final class MsCxr {
  static final String NAME = "MS-CXR";
  static final List<String> COLUMNS =
      List.of(
          "dicom_id",
          "category_name",
          "label_text",
          "x",
          "y",
          "w",
          "h",
          "image_width",
          "image_height");

  private MsCxr() {}

  static void csv(Path file, Gathering gathering) throws IOException {
    CsvFile.read(file, gathering, row -> add(row, gathering));
  }

  /** Each annotation becomes a row of the CSV file's columns. */
  static void json(Path file, Gathering gathering) throws IOException {
    JsonNode top = JsonFile.tree(file);
    Map<String, JsonNode> images = byId(top.path("images"));
    Map<String, JsonNode> categories = byId(top.path("categories"));
    int number = 0;
    for (JsonNode annotation : top.path("annotations")) {
      String where =
          "%s, annotation %d (id %s)".formatted(file, ++number, annotation.path("id").asText("?"));
      gathering.attempt(() -> add(row(where, annotation, images, categories), gathering));
    }
  }

  private static void add(Row row, Gathering gathering) throws BadRow {
    PictureSize size = row.size();
    if (size == null) {
      throw row.bad("the image's width and height are missing");
    }
    AnnotatedShape box =
        AnnotatedShape.box(
            row, row.number("x"), row.number("y"), row.number("w"), row.number("h"), size);
    String picture = row.text("dicom_id");
    gathering.add(
        row,
        picture,
        row.text("path", picture),
        false,
        row.text("category_name"),
        row.text("label_text"),
        box);
  }

  private static Row row(
      String where,
      JsonNode annotation,
      Map<String, JsonNode> images,
      Map<String, JsonNode> categories)
      throws BadRow {
    JsonNode image = referred(where, "image_id", annotation, images);
    JsonNode category = referred(where, "category_id", annotation, categories);
    JsonNode box = annotation.path("bbox");
    if (box.size() != 4) {
      throw new BadRow(where, "bbox must be [x, y, width, height]");
    }
    String path = image.path("path").asText(image.path("file_name").asText(""));
    Map<String, String> fields = new HashMap<>();
    fields.put("dicom_id", PictureFinder.name(path));
    fields.put("path", path);
    fields.put("category_name", category.path("name").asText(""));
    fields.put("label_text", annotation.path("label_text").asText(""));
    fields.put("x", box.get(0).asText());
    fields.put("y", box.get(1).asText());
    fields.put("w", box.get(2).asText());
    fields.put("h", box.get(3).asText());
    fields.put("image_width", image.path("width").asText(annotation.path("width").asText("")));
    fields.put("image_height", image.path("height").asText(annotation.path("height").asText("")));
    return new Row(where, fields);
  }

  private static JsonNode referred(
      String where, String name, JsonNode annotation, Map<String, JsonNode> byId) throws BadRow {
    JsonNode referred = byId.get(annotation.path(name).asText());
    if (referred == null) {
      throw new BadRow(
          where, "%s %s is not in the file".formatted(name, annotation.path(name).asText("?")));
    }
    return referred;
  }

  private static Map<String, JsonNode> byId(JsonNode list) {
    Map<String, JsonNode> byId = new HashMap<>();
    list.forEach(node -> byId.put(node.path("id").asText(), node));
    return byId;
  }
}
