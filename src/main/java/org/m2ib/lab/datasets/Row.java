package org.m2ib.lab.datasets;

import java.util.Map;

/**
 * Named texts of one record: a line of a CSV file, an object of a JSON file.
 *
 * @param where file and line or annotation
 */
record Row(String where, Map<String, String> fields) {

  /**
   * @throws BadRow if it is absent or blank
   */
  String text(String name) throws BadRow {
    String text = text(name, "");
    if (text.isEmpty()) {
      throw bad(name + " is missing");
    }
    return text;
  }

  /** Without surrounding blanks; {@code other} if it is absent or blank. */
  String text(String name, String other) {
    String text = fields.getOrDefault(name, "").strip();
    return text.isEmpty() ? other : text;
  }

  /** Pixels, possibly with decimals. */
  double number(String name) throws BadRow {
    String text = text(name);
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad(name + " is '" + text + "', not a number of pixels");
  }

  /** The size of the annotated image; null without image_width. */
  PictureSize size() throws BadRow {
    if (text("image_width", "").isEmpty()) {
      return null;
    }
    double columns = number("image_width");
    double rows = number("image_height");
    if (columns < 1 || rows < 1) {
      throw bad("image_width and image_height must be 1 or more");
    }
    return new PictureSize((int) columns, (int) rows);
  }

  BadRow bad(String what) {
    return new BadRow(where, what);
  }
}
