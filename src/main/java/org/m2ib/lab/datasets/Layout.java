package org.m2ib.lab.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The supported annotation files, each recognised by its field names. */
enum Layout {
  MS_CXR_JSON(MsCxr.NAME, ".json", List.of("images", "annotations", "categories"), MsCxr::json),
  MS_CXR_CSV(MsCxr.NAME, ".csv", MsCxr.COLUMNS, MsCxr::csv),
  VINDR_CXR(VinDrCxr.NAME, ".csv", VinDrCxr.COLUMNS, VinDrCxr::csv),
  CHESTX_DET(ChestXDet.NAME, ".json", List.of("file_name", "syms", "boxes"), ChestXDet::json),
  CHEXLOCALIZE(CheXlocalize.NAME, ".json", CheXlocalize.NAMES, CheXlocalize::json) {
    @Override
    int depth() {
      return 2; // image, pathology
    }
  },
  MASKS_CSV(MaskList.NAME, ".csv", MaskList.COLUMNS, MaskList::csv),
  MASKS_JSON(MaskList.NAME, ".json", MaskList.COLUMNS, MaskList::json),
  CASES_CSV(CaseList.NAME, ".csv", CaseList.COLUMNS, CaseList::csv);

  final String title;
  private final String ending;
  private final List<String> names;
  private final Reader reader;

  private interface Reader {
    void read(Path file, Gathering gathering) throws IOException;
  }

  Layout(String title, String ending, List<String> names, Reader reader) {
    this.title = title;
    this.ending = ending;
    this.names = names;
    this.reader = reader;
  }

  /**
   * @return null if it is none of them
   * @throws IOException if it is neither JSON nor CSV, whatever its name says
   */
  static Layout of(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    Map<Integer, Collection<String>> found = new HashMap<>();
    if (name.endsWith(".csv")) {
      found.put(0, CsvFile.header(file));
    }
    for (Layout layout : values()) {
      if (name.endsWith(layout.ending)) {
        if (name.endsWith(".json") && !found.containsKey(layout.depth())) {
          found.put(layout.depth(), JsonFile.names(file, layout.depth()));
        }
        if (found.get(layout.depth()).containsAll(layout.names)) {
          return layout;
        }
      }
    }
    return null;
  }

  /** Of the object that has the names, below the first object of the file. */
  int depth() {
    return 0;
  }

  /**
   * @param root folder of the images
   * @throws IOException if the file cannot be read, or no example is left
   */
  Dataset read(Path file, Path root) throws IOException {
    Gathering gathering = new Gathering(file, root);
    reader.read(file, gathering);
    return gathering.finish(title);
  }

  /** For a message: the names by which each is recognised. */
  static String describeAll() {
    StringBuilder description = new StringBuilder();
    for (Layout layout : values()) {
      description.append("\n  %s: %s with %s".formatted(layout.title, layout.ending, layout.names));
    }
    return description.toString();
  }
}
