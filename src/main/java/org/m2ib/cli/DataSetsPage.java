package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.m2ib.lab.report.GeneratedPart;

/** One page about several data sets, with a section and a folder for each. */
final class DataSetsPage {
  private final Path out;
  private final Path document;
  private final Set<String> names = new HashSet<>();
  private final StringBuilder page = new StringBuilder();
  private final StringBuilder part = new StringBuilder();
  private boolean failed;

  /**
   * @param out folder for methods.md and the data sets' folders
   * @param document whose part is rewritten, too; null for none
   */
  DataSetsPage(Path out, Path document) {
    this.out = out;
    this.document = document;
  }

  /** A folder for a data set's results, of its own even if another has the same name. */
  Path folder(String dataSet) {
    String name = dataSet.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String own = name;
    for (int number = 2; !names.add(own); number++) {
      own = name + "-" + number;
    }
    return out.resolve(own);
  }

  void add(MethodComparisonRun run, String text) throws IOException {
    String heading = "## " + run.data().name() + "\n\n";
    String folder = run.out().getFileName().toString();
    page.append(heading).append(run.linked(text, folder + "/")).append("\n");
    if (document != null) {
      part.append(heading).append(run.linked(document, text, folder + "-")).append("\n");
    }
  }

  void fail() {
    failed = true;
  }

  boolean failed() {
    return failed;
  }

  /** Writes what there is, and returns the page. */
  String write() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("methods.md"), page);
    if (document != null && !part.isEmpty()) {
      GeneratedPart.write(document, "methods", part.toString());
    }
    return page.toString();
  }
}
