package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.MethodComparison;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.experiments.SweepKind;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;

/**
 * Runs M2IB with several settings on a data set and writes the table.
 *
 * @param kind what it varies
 * @param command the command line that repeats the run
 * @param maxPictures maximum number of images
 * @param seed of the bootstrap
 * @param err receives messages about examples that could not be used
 * @param out folder for the results, line by line, and the table as CSV
 */
record SweepRun(
    SweepKind kind,
    String command,
    ClipModel model,
    Evaluation evaluation,
    Dataset data,
    int maxPictures,
    long seed,
    ProgressListener listener,
    PrintWriter err,
    Path out) {

  /**
   * @return the table, Markdown
   * @throws IOException if nothing could be evaluated, or the folder cannot be written
   */
  String run() throws IOException {
    MethodComparison.Outcome outcome = evaluation.sweep(kind, data, maxPictures, seed, listener);
    MethodComparisonRun.printFailures(outcome, err);
    if (outcome.comparison() == null) {
      throw new IOException(
          "no example of " + data.name() + " could be evaluated; see the messages above");
    }
    Tables.writeCsv(out.resolve(kind + ".csv"), outcome.comparison());
    M2ibSettings s = evaluation.settings();
    return """
        `%s`, %s.
        %s: %d pictures; %d examples could not be evaluated. %s. m2ib: layer %d, beta %s, %d steps, %d samples, \
        learning rate %s, noise `%s`; the rows below it differ in what they name.

        %s"""
        .formatted(
            command,
            Machine.today(),
            data.identity(),
            outcome.pictures(),
            outcome.failures().size(),
            ModelOption.cited(model.card()),
            s.layer(),
            s.beta(),
            s.steps(),
            s.samples(),
            s.learningRate(),
            s.seed(),
            Markdown.of(outcome.comparison().overall(), kind.figures()));
  }
}
