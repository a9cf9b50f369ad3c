package org.m2ib.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tables for programs: JSON and CSV. */
public final class Tables {
  private static final String NOTICE = "Phantoms, for demonstration. Not a diagnostic device.";

  private Tables() {}

  /**
   * @param about what it was made with: name and value
   */
  public static void writeJson(Path file, Map<String, ?> about, Table table) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode().put("notice", NOTICE);
    root.setAll((ObjectNode) json.valueToTree(about));
    root.setAll((ObjectNode) json.valueToTree(table));
    root.set("targets", json.valueToTree(Target.of(table)));
    Files.writeString(file, json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  /** A line for each finding and figure. */
  public static void writeCsv(Path file, Table table) throws IOException {
    StringBuilder csv = new StringBuilder("finding,n,figure,value,low,high,notice\n");
    for (Table.Row row : table.rows()) {
      row.figures()
          .forEach(
              (figure, i) ->
                  csv.append(
                      "%s,%d,%s,%s,%s,%s,\"%s\"\n"
                          .formatted(
                              row.name(),
                              row.findings(),
                              figure.name(),
                              i.value(),
                              i.low(),
                              i.high(),
                              NOTICE)));
    }
    Files.writeString(file, csv.toString());
  }
}
