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

  private static final String COMPARISON_NOTICE =
      "Not a diagnostic device. Not for diagnostic use.";

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

  /**
   * @param about what it was made with: name and value
   */
  public static void writeJson(Path file, Map<String, ?> about, Comparison comparison)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode().put("notice", COMPARISON_NOTICE);
    root.setAll((ObjectNode) json.valueToTree(about));
    root.put("reference", comparison.reference());
    root.set("rows", json.valueToTree(comparison.rows()));
    Files.writeString(file, json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  /** A line for each category, method and figure; what has no value is empty. */
  public static void writeCsv(Path file, Comparison comparison) throws IOException {
    StringBuilder csv =
        new StringBuilder(
            "category,method,n,figure,value,low,high,"
                + "difference,difference_low,difference_high,pairs,p,p_holm,notice\n");
    for (Comparison.Row row : comparison.rows()) {
      row.figures()
          .forEach(
              (figure, i) -> {
                Paired paired = row.against().get(figure);
                csv.append(quoted(row.category()))
                    .append(",%s,%d,".formatted(quoted(row.method()), row.examples()))
                    .append(quoted(figure))
                    .append("," + numbers(i) + ",")
                    .append(
                        paired == null
                            ? ",,,,,"
                            : "%s,%d,%s,%s"
                                .formatted(
                                    numbers(paired.difference()),
                                    paired.pairs(),
                                    paired.p(),
                                    paired.adjusted()))
                    .append("," + quoted(COMPARISON_NOTICE) + "\n");
              });
    }
    Files.writeString(file, csv.toString());
  }

  private static String numbers(Interval i) {
    return i.value() + "," + i.low() + "," + i.high();
  }

  /** RFC 4180. */
  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
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
