package org.m2ib.cli;

import java.io.IOException;
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
import org.m2ib.lab.experiments.Discordances;
import org.m2ib.lab.experiments.Evaluation;
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
      "Measures the discordance finder on made errors in the reports of phantoms, beside a control "
          + "that sees no image; or fits its coefficients for a model.",
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
      description = "Number of other phantoms, from which the control learns (${DEFAULT-VALUE}).")
  private int fitPhantoms = 4000;

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
    if (phantoms < 2 || fitPhantoms < 50) {
      throw usage("--phantoms must be at least 2, --fit-phantoms at least 50");
    }
    if (seed < Discordances.FIRST_SEED + fitPhantoms && seed + phantoms > Discordances.FIRST_SEED) {
      throw usage("--seed: those phantoms are used by the fit");
    }
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      Coefficients known = fit == null ? Coefficients.of(clip.card().hash()).orElse(null) : null;
      if (known == null && fit == null) {
        throw usage("no coefficients for this model in the program: make them with --fit FILE");
      }
      Discordances made =
          Discordances.of(
              clip,
              known,
              fitPhantoms,
              phantoms,
              seed,
              made(clip),
              Progress.listener(command.commandLine().getErr(), "phantoms"));
      if (fit != null) {
        Files.write(fit, made.coefficients().json());
      }
      String text =
          """
          `./m2ib evaluate discordance --model %s --phantoms %d --seed %d --fit-phantoms %d`, %s.
          %s. %d phantoms, and %d others that the control and the coefficients were fitted on.

          %s\
          """
              .formatted(
                  model.asArguments(),
                  phantoms,
                  seed,
                  fitPhantoms,
                  Machine.today(),
                  ModelOption.cited(clip.card()),
                  phantoms,
                  fitPhantoms,
                  DiscordanceTables.of(made.rows()));
      command.commandLine().getOut().print(text);
      command.commandLine().getOut().flush();
      if (picture != null) {
        DiscordanceTables.plot(picture, made.calibration());
      }
      if (document != null) {
        GeneratedPart.write(document, "discordance", text);
      }
    }
    return 0;
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
