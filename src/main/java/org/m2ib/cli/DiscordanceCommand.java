package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.Progress;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Coefficients;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Datasets;
import org.m2ib.lab.experiments.Discordances;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.report.DiscordanceTables;
import org.m2ib.lab.report.GeneratedPart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code m2ib evaluate discordance}: how well the discordance finder finds made errors in reports.
 */
@Command(
    name = "discordance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the discordance finder on made errors in the reports of phantoms or in the sentences"
          + " of a data set, beside a control that sees no image; or fits its coefficients for a"
          + " model. Needs English sentences. See docs/discordance.md.",
      Notice.NOT_DIAGNOSTIC
    })
public final class DiscordanceCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private ModelOption model;

  @Option(
      names = "--phantoms",
      paramLabel = "N",
      description =
          "Number of phantoms of the test, each with an error of each kind (${DEFAULT-VALUE}).")
  private int phantoms = 2000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the first of them; the others count up from it (${DEFAULT-VALUE}).")
  private long seed = Evaluation.FIRST_SEED;

  @Option(
      names = "--fit-phantoms",
      paramLabel = "N",
      description =
          "Number of other phantoms, from which the control learns (${DEFAULT-VALUE}). 0: no control,"
              + " calibration and times alone.")
  private int fitPhantoms = 4000;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Data set to use instead of phantoms: a folder or annotation file, as for m2ib evaluate, or"
              + " a CSV file with the columns image and sentence, and study if a study has several"
              + " images. Its sentences must be true of their images. The control learns from its"
              + " other studies.")
  private Path data;

  @Option(
      names = "--coefficients",
      paramLabel = "FILE",
      description = "Coefficients that --fit wrote, instead of those in the program.")
  private Path coefficients;

  @Option(
      names = "--fit",
      paramLabel = "FILE",
      description =
          "Fit the coefficients on those phantoms and write them to this file. Otherwise those in "
              + "the program are measured.")
  private Path fit;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "PNG file for the calibration curve.")
  private Path picture;

  @Option(
      names = "--doc",
      paramLabel = "FILE",
      description = "Markdown document whose generated part is rewritten.")
  private Path document;

  @Override
  public Integer call() throws IOException {
    check();
    Dataset read = data == null ? null : Datasets.open(data);
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      Coefficients known = fit == null ? known(clip) : null;
      Discordances measured = read == null ? onPhantoms(clip, known) : onData(clip, known, read);
      if (fit != null) {
        Files.write(fit, measured.coefficients().json());
      }
      publish("discordance", clip, read, measured);
      return measured.failures().isEmpty() ? 0 : 1;
    }
  }

  /** Prints both parts, and writes them to the document: figures with the control, calibration. */
  private void publish(String part, ClipModel clip, Dataset read, Discordances measured)
      throws IOException {
    String name = read == null ? part : part + "-data";
    if (!measured.rows().isEmpty()) {
      print(
          name,
          read == null
              ? "%s %d phantoms, and %d others that the control%s fitted on.\n\n%s"
                  .formatted(
                      head(clip),
                      phantoms,
                      fitPhantoms,
                      fit == null ? " was" : " and the coefficients were",
                      DiscordanceTables.ofPhantoms(measured.rows()))
              : "%s %s, %s. Intervals by study.\n\n%s"
                  .formatted(
                      head(clip),
                      read.name(),
                      measured.counts(),
                      DiscordanceTables.ofData(measured.rows())));
    }
    print(
        name + "-calibration",
        head(clip)
            + (read == null ? " %d phantoms.".formatted(phantoms) : "")
            + "\n\n"
            + DiscordanceTables.calibration(measured));
    if (picture != null) {
      DiscordanceTables.plot(picture, measured.calibration());
    }
  }

  private void print(String part, String text) throws IOException {
    command.commandLine().getOut().println(text);
    command.commandLine().getOut().flush();
    if (document != null) {
      GeneratedPart.write(document, part, text);
    }
  }

  private void check() {
    if (phantoms < 2 || fitPhantoms < 50 && (fitPhantoms != 0 || fit != null)) {
      throw usage("--phantoms must be at least 2, --fit-phantoms at least 50, or 0 without --fit");
    }
    if (seed < Discordances.FIRST_SEED + fitPhantoms && seed + phantoms > Discordances.FIRST_SEED) {
      throw usage("--seed: those phantoms are used by the fit");
    }
    if (fit != null && coefficients != null) {
      throw usage("--fit makes coefficients, --coefficients reads them: give one of them");
    }
    if (data != null && command.commandLine().getParseResult().hasMatchedOption("--phantoms")) {
      throw usage("--phantoms and --data are two data sets: give one of them");
    }
  }

  /** Those of the file, else of the program. */
  private Coefficients known(ClipModel clip) throws IOException {
    if (coefficients == null) {
      return Coefficients.of(clip.card().hash())
          .orElseThrow(
              () ->
                  usage(
                      "no coefficients for this model in the program: make them with --fit FILE, or"
                          + " name those that were made with --coefficients FILE"));
    }
    Coefficients read = Coefficients.read(coefficients);
    if (!clip.card().hash().equals(read.model())) {
      throw new IOException(
          "%s: coefficients of another model (%s, not %s); make them for this one with --fit FILE"
              .formatted(coefficients, read.model(), clip.card().hash()));
    }
    return read;
  }

  private Discordances onPhantoms(ClipModel clip, Coefficients known) {
    if (fitPhantoms == 0) {
      return Discordances.calibration(clip, known, phantoms, seed, progress("phantoms"));
    }
    return Discordances.of(
        clip, known, fitPhantoms, phantoms, seed, made(clip), progress("phantoms"));
  }

  private Discordances onData(ClipModel clip, Coefficients known, Dataset read) throws IOException {
    PrintWriter err = command.commandLine().getErr();
    read.problems().forEach(problem -> err.println("m2ib: " + problem));
    read.leftOut().forEach((reason, n) -> err.println("m2ib: left out, " + reason + ": " + n));
    Coefficients used =
        known == null
            ? Discordances.fit(clip, fitPhantoms, made(clip), progress("phantoms"))
            : known;
    Discordances measured = Discordances.of(clip, used, read, seed, progress("studies"));
    measured.failures().forEach(failure -> err.println("m2ib: " + failure));
    return measured;
  }

  private ProgressListener progress(String what) {
    return Progress.listener(command.commandLine().getErr(), what);
  }

  /** The command as it was given, machine and model. */
  private String head(ClipModel clip) {
    return "`%s`, %s.\n%s."
        .formatted(invocation(), Machine.today(), ModelOption.cited(clip.card()));
  }

  private String invocation() {
    StringBuilder invocation =
        new StringBuilder("./m2ib evaluate discordance --model " + model.asArguments());
    if (data == null) {
      invocation.append(" --phantoms %d --seed %d".formatted(phantoms, seed));
    } else {
      invocation.append(" --data " + data + " --seed " + seed);
    }
    if (data == null || fit != null) {
      invocation.append(" --fit-phantoms " + fitPhantoms);
    }
    append(invocation, "--fit", fit);
    append(invocation, "--coefficients", coefficients);
    append(invocation, "--picture", picture);
    append(invocation, "--doc", document);
    return invocation.toString();
  }

  private static void append(StringBuilder invocation, String option, Path file) {
    if (file != null) {
      invocation.append(" " + option + " " + file);
    }
  }

  private Map<String, String> made(ClipModel clip) {
    Map<String, String> made = new LinkedHashMap<>();
    made.put(
        "command",
        "./m2ib evaluate discordance --model %s --fit-phantoms %d --fit coefficients.json"
            .formatted(model.asArguments(), fitPhantoms));
    made.put("model", clip.card().name() + " " + clip.card().version());
    made.put(
        "phantoms",
        "%d from seed %d on, apart from those of every evaluation"
            .formatted(fitPhantoms, Discordances.FIRST_SEED));
    return made;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
