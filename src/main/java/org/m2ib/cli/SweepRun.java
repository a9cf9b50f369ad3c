package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.MethodComparison;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.experiments.Sweep;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.statistics.Comparison;

/**
 * Runs M2IB with several settings on phantoms and writes the table.
 *
 * @param command the command line that repeats the run
 * @param seed of the first phantom
 * @param out folder for the results, line by line, and the table as CSV
 */
record SweepRun(
    String command,
    ClipModel model,
    Evaluation evaluation,
    long seed,
    int phantoms,
    ProgressListener listener,
    Path out) {

  private static final List<String> WHERE =
      Stream.concat(MethodComparison.WHERE.stream(), Stream.of(Sweep.SAME_MAP)).toList();

  private static final List<String> CHEAPER =
      Stream.concat(
              Stream.of(Sweep.SAME_MAP, Sweep.SAME_WORDS, Sweep.STEPS, Sweep.ARITHMETIC),
              MethodComparison.WHERE.stream().limit(2))
          .toList();

  /**
   * @return the table, Markdown
   * @throws IOException if no phantom has a finding, or the folder cannot be written
   */
  String sweep() throws IOException {
    return text("sweep.csv", evaluation.sweep(seed, phantoms, listener), WHERE);
  }

  /** As {@link #sweep}, for cheaper settings. */
  String savings() throws IOException {
    return text("savings.csv", evaluation.savings(seed, phantoms, listener), CHEAPER);
  }

  private String text(String csv, Comparison comparison, List<String> figures) throws IOException {
    if (comparison == null) {
      throw new IOException(
          "no finding on %d phantoms from seed %d; use more phantoms".formatted(phantoms, seed));
    }
    Tables.writeCsv(out.resolve(csv), comparison);
    M2ibSettings s = evaluation.settings();
    return """
        `%s`, %s.
        %d phantoms from seed %d on. %s. m2ib: layer %d, beta %s, %d steps, %d samples, \
        learning rate %s, noise `%s`; the rows below it differ in what they name.

        %s"""
        .formatted(
            command,
            Machine.today(),
            phantoms,
            seed,
            ModelOption.cited(model.card()),
            s.layer(),
            s.beta(),
            s.steps(),
            s.samples(),
            s.learningRate(),
            s.seed(),
            Markdown.of(comparison.overall(), figures));
  }
}
