package org.m2ib.lab.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A site's own images and sentences without ground truth, as CSV: {@code image} and {@code
 * sentence}. Paths are relative to the list.
 */
final class CaseList {
  static final String NAME = "cases";
  static final List<String> COLUMNS = List.of("image", "sentence");

  private CaseList() {}

  static void csv(Path file, Gathering gathering) throws IOException {
    CsvFile.read(
        file,
        gathering,
        row ->
            gathering.addUnlabelled(
                row, row.text("image"), row.text("category", "case"), row.text("sentence")));
  }
}
