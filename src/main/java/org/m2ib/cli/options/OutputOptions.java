package org.m2ib.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.report.GeneratedPart;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Output folder and number of workers of a long measurement. */
public final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Output folder for results, tables and pictures (${DEFAULT-VALUE}).")
  private Path out = Path.of("m2ib-evaluation");

  @Option(
      names = "--doc",
      paramLabel = "FILE",
      description = "Markdown document whose generated part is rewritten.")
  private Path document;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Number of threads; it does not affect the figures (number of cores).")
  private int workers = Runtime.getRuntime().availableProcessors();

  public Path out() {
    return out;
  }

  /** Null if none is written. */
  public Path document() {
    return document;
  }

  public int workers() {
    return workers;
  }

  public ProgressListener progress(String unit) {
    return Progress.listener(command.commandLine().getErr(), unit);
  }

  public void print(String text) {
    PrintWriter printed = command.commandLine().getOut();
    printed.print(text);
    printed.flush();
  }

  /** Prints the text, and writes it into the document. */
  public void publish(String text, String part) throws IOException {
    print(text);
    if (document != null) {
      GeneratedPart.write(document, part, text);
    }
  }

  /**
   * The engine's own threads would compete with the workers; it reads the property at its start.
   */
  public void leaveTheCoresToTheWorkers() {
    String threads = "ai.djl.pytorch.num_threads";
    if (System.getProperty(threads) == null) {
      System.setProperty(threads, "1");
    }
  }

  public ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
