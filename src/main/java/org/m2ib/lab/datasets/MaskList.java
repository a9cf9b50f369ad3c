package org.m2ib.lab.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.PictureFile;

/**
 * A list of images, sentences and masks, as CSV or as a JSON array of objects: {@code image},
 * {@code sentence}, {@code mask}, and optionally {@code category}. Paths are relative to the list.
 * A mask is a PNG with the image's proportions; every pixel that is not black belongs to it. Masks
 * of the same image and sentence are united.
 */
final class MaskList {
  static final String NAME = "masks";
  static final List<String> COLUMNS = List.of("image", "sentence", "mask");

  private MaskList() {}

  static void csv(Path file, Gathering gathering) throws IOException {
    CsvFile.read(file, gathering, row -> add(row, gathering));
  }

  static void json(Path file, Gathering gathering) throws IOException {
    int number = 0;
    for (JsonNode entry : JsonFile.tree(file)) {
      Map<String, String> fields = new HashMap<>();
      entry.fields().forEachRemaining(e -> fields.put(e.getKey(), e.getValue().asText("")));
      Row row = new Row("%s, entry %d".formatted(file, ++number), fields);
      gathering.attempt(() -> add(row, gathering));
    }
  }

  private static void add(Row row, Gathering gathering) throws BadRow {
    String image = row.text("image");
    file(row, gathering.root(), image);
    Path mask = file(row, gathering.root(), row.text("mask"));
    if (!mask.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw row.bad("mask " + mask + " must be a PNG: others blur its edge");
    }
    gathering.add(
        row,
        image,
        image,
        false,
        row.text("category", "finding"),
        row.text("sentence"),
        (rows, columns) -> read(mask, rows, columns));
  }

  private static Path file(Row row, Path root, String name) throws BadRow {
    try {
      Path file = root.resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // there is no such file
    }
    throw row.bad("no file " + name + " in " + root);
  }

  private static boolean[] read(Path file, int rows, int columns) throws IOException {
    DisplayImage maskImage;
    try {
      maskImage = PictureFile.read(file);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (!new PictureSize(maskImage.columns(), maskImage.rows()).hasRatioOf(columns, rows)) {
      throw new IOException(
          "%s: %d x %d pixels are not in the proportions of the picture's %d x %d"
              .formatted(file, maskImage.columns(), maskImage.rows(), columns, rows));
    }
    boolean[] mask = new boolean[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      // the mask's pixel that contains the centre of the image's
      int y = (int) ((i / columns + 0.5) * maskImage.rows() / rows);
      int x = (int) ((i % columns + 0.5) * maskImage.columns() / columns);
      for (int c = 0; c < maskImage.channels(); c++) {
        mask[i] |= maskImage.values()[(y * maskImage.columns() + x) * maskImage.channels() + c] > 0;
      }
    }
    return mask;
  }
}
