package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.experiments.Mismatch;
import org.m2ib.lab.experiments.Pairs;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.statistics.Comparison;

/**
 * Measures how well maps tell true sentences from false ones, and writes the table.
 *
 * @param command the command line that repeats the run
 * @param out folder for pairs.jsonl, pairs.md, and pairs.json and pairs.csv with each way of being
 *     false
 * @param seed of folds and bootstrap
 */
record PairsRun(
    String command,
    ClipModel model,
    M2ibSettings settings,
    Pairs pairs,
    List<String> methods,
    Path out,
    int workers,
    long seed) {

  /** Name of the document's part. */
  String part() {
    return "pairs of " + pairs.name();
  }

  /**
   * @return the table, Markdown
   */
  String run(ProgressListener listener, Map<String, Object> about) throws IOException {
    Comparison areas;
    try (Mismatch mismatch = new Mismatch(model, settings, pairs, methods)) {
      areas = mismatch.run(out, workers, seed, listener);
    }
    long held = pairs.examples().stream().filter(e -> e.category().equals(Pairs.TRUE)).count();
    String text =
        """
        `%s`, %s.
        %d true and %d false sentences. %s.

        %s"""
            .formatted(
                command,
                Machine.today(),
                held,
                pairs.size() - held,
                ModelOption.cited(model.card()),
                Markdown.of(areas.overall(), Mismatch.AREAS));
    Files.writeString(out.resolve("pairs.md"), text);
    Tables.writeJson(out.resolve("pairs.json"), about, areas);
    Tables.writeCsv(out.resolve("pairs.csv"), areas);
    return text;
  }
}
