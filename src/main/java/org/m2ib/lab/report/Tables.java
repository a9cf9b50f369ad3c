package org.m2ib.lab.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.m2ib.base.Notice;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;

/** Tables for programs: JSON and CSV. */
public final class Tables {
  private static final String NOTICE = Notice.NOT_A_DEVICE + " " + Notice.NOT_DIAGNOSTIC;

  private static final String[] COLUMNS = {
    "category", "method", "n", "figure", "value", "low", "high",
    "difference", "difference_low", "difference_high", "pairs", "p", "p_holm", "notice"
  };

  private Tables() {}

  /**
   * @param about the conditions: name and value
   */
  public static void writeJson(Path file, Map<String, ?> about, Comparison comparison)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode().put("notice", NOTICE);
    root.setAll((ObjectNode) json.valueToTree(about));
    root.put("reference", comparison.reference());
    root.set("rows", json.valueToTree(comparison.rows()));
    Files.writeString(file, json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  /** A line for each category, method and figure; a missing value is empty. */
  public static void writeCsv(Path file, Comparison comparison) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(COLUMNS).get();
    try (CSVPrinter csv = new CSVPrinter(Files.newBufferedWriter(file), format)) {
      for (Comparison.Row row : comparison.rows()) {
        for (Map.Entry<String, Interval> figure : row.figures().entrySet()) {
          Interval i = figure.getValue();
          List<Object> cells = new ArrayList<>();
          cells.addAll(List.of(row.category(), row.method(), row.examples(), figure.getKey()));
          cells.addAll(List.of(i.value(), i.low(), i.high()));
          cells.addAll(paired(row.against().get(figure.getKey())));
          cells.add(NOTICE);
          csv.printRecord(cells);
        }
      }
    }
  }

  private static List<?> paired(Paired paired) {
    if (paired == null) {
      return Collections.nCopies(6, "");
    }
    Interval i = paired.difference();
    return List.of(i.value(), i.low(), i.high(), paired.pairs(), paired.p(), paired.adjusted());
  }
}
