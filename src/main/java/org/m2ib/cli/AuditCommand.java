package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.ChosenOptions;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.MethodNames;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.config.Defaults;
import org.m2ib.config.M2ibConfig;
import org.m2ib.lab.experiments.AuditTable;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.report.GeneratedPart;
import org.m2ib.lab.report.Markdown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code m2ib evaluate audit}: prints what raises alarms, and writes it to docs/audit.md. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Counts how often true and false sentences about phantoms raise an alarm.",
      Notice.NOT_DIAGNOSTIC
    })
public final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private ModelOption model;

  @Mixin private ChosenOptions chosen;

  @Option(
      names = "--phantoms",
      paramLabel = "N",
      description = "Number of phantoms, with about six sentences each (${DEFAULT-VALUE}).")
  private int phantoms = 40;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the first phantom; the others count up from it (${DEFAULT-VALUE}).")
  private long seed = Evaluation.FIRST_SEED;

  @Option(
      names = "--shortcut-share",
      paramLabel = "X",
      description = "Alarm threshold, as m2ib.audit.shortcut-share (${DEFAULT-VALUE}).")
  private double shortcutShare =
      Double.parseDouble(Defaults.of(M2ibConfig.Audit.class, "shortcutShare"));

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "Method of the maps; similarities do not depend on it (${DEFAULT-VALUE}).",
      completionCandidates = MethodNames.class)
  private String method = MethodCard.M2IB;

  @Option(
      names = "--doc",
      paramLabel = "FILE",
      description = "Markdown document whose generated part is rewritten.")
  private Path document;

  @Override
  public Integer call() throws IOException {
    if (phantoms < 1) {
      throw new ParameterException(command.commandLine(), "--phantoms must be at least 1");
    }
    MethodNames.checked(command, "--method", List.of(method));
    PrintWriter err = command.commandLine().getErr();
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      M2ibSettings settings =
          ChosenOptions.checked(command, () -> M2ibSettings.of(chosen.or(clip.chosen())))
              .clampedTo(clip.image(), clip.text());
      AuditTable table;
      try (Attributor attributor = Methods.attributor(clip, method, settings)) {
        table =
            AuditTable.of(
                clip,
                attributor,
                shortcutShare,
                seed,
                phantoms,
                done -> err.printf("m2ib: %d of %d phantoms%n", done, phantoms));
      }
      String text =
          """
          `./m2ib evaluate audit --model %s --method %s --phantoms %d --seed %d --layer %d --beta %s`, %s.
          %s. Alarm on text above a share of %s. For demonstration only: phantoms, not patients.

          %s"""
              .formatted(
                  model.asArguments(),
                  method,
                  phantoms,
                  seed,
                  settings.layer(),
                  settings.beta(),
                  Machine.today(),
                  ModelOption.cited(clip.card()),
                  shortcutShare,
                  Markdown.of(table));
      command.commandLine().getOut().print(text);
      command.commandLine().getOut().flush();
      if (document != null) {
        GeneratedPart.write(document, "alarms", text);
      }
    }
    return 0;
  }
}
