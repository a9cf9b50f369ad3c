package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.ChosenOptions;
import org.m2ib.cli.options.ImageOptions;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.MethodNames;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.OutputOptions;
import org.m2ib.cli.options.PrecisionOption;
import org.m2ib.cli.options.SweepOptions;
import org.m2ib.clip.loading.BuiltInModel;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.SweepKind;
import org.m2ib.lab.report.MapSheet;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.report.Target;
import org.m2ib.lab.statistics.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how well a model's maps locate findings, and writes it to docs/phantom-model.md. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {RoarCommand.class, AuditCommand.class, DiscordanceCommand.class},
    description = {
      "Measures a model and its maps on held-out phantoms: does the map find the finding, and does "
          + "the model tell true sentences from false ones? An interrupted run is resumed.",
      Notice.NOT_DIAGNOSTIC
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private ModelOption model;

  @Mixin private ImageOptions images;

  @Mixin private ChosenOptions chosen;

  @Mixin private PrecisionOption precision;

  @Mixin private SweepOptions sweeps;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Compare methods on the same examples, each with the first:",
        "all, or some of ${COMPLETION-CANDIDATES} (all)."
      },
      completionCandidates = MethodNames.class)
  private List<String> methods;

  @Option(
      names = "--pairs",
      description = {
        "Instead, measure how well map and similarity together tell a sentence that is true of its"
            + " picture from one that is not, on the phantoms or collages."
      })
  private boolean pairs;

  @Option(
      names = "--sanity",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "12",
      description = {
        "With --methods, --data or --collages: also measure how maps change with random weights,"
            + " another sentence, other noise and small changes of the image, on the first N images"
            + " (12)."
      })
  private int sanity;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "PNG file for a sheet of maps: the first phantoms with each finding.")
  private Path sheet;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    images.check();
    if (output.workers() < 1 || sanity < 0) {
      throw output.usage("--sanity and --workers must be at least 1");
    }
    int dataSets = images.dataSets().size();
    if (dataSets > 1 && !sweeps.chosen().isEmpty()) {
      throw output.usage(SweepOptions.NAMES + " take one data set, not " + dataSets);
    }
    boolean compares = images.others() || methods != null;
    if (sanity > 0 && (pairs || !compares)) {
      throw output.usage(
          "--sanity needs --methods, --data or --collages, and no --pairs: it compares methods");
    }
    if (images.collages()) {
      model.byDefault(BuiltInModel.COLLAGES);
    }
    output.leaveTheCoresToTheWorkers();
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      M2ibSettings settings =
          precision.in(
              clip,
              ChosenOptions.checked(command, () -> M2ibSettings.of(chosen.or(clip.chosen()))));
      Evaluation evaluation = new Evaluation(clip, settings, output.out(), output.workers());
      for (Map.Entry<SweepKind, Integer> chosenSweep : sweeps.chosen().entrySet()) {
        SweepRun run = sweep(chosenSweep.getKey(), chosenSweep.getValue(), clip, evaluation);
        output.publish(run.run(), chosenSweep.getKey().toString());
      }
      if (!sweeps.chosen().isEmpty()) {
        return 0;
      }
      if (pairs) {
        pairs(clip, settings);
        return 0;
      }
      if (dataSets > 1) {
        return compareOnEach(clip, settings);
      }
      if (compares) {
        compare(clip, settings);
        return 0;
      }
      Comparison table =
          evaluation.run(images.seed(), images.phantoms(), output.progress("phantoms"));
      String text = text(clip, evaluation.settings(), table);
      output.publish(text, "evaluation");
      Files.writeString(output.out().resolve("table.md"), text);
      Map<String, Object> about = about(clip, evaluation.settings());
      about.put("phantoms", images.phantoms());
      about.put("targets", Target.of(table));
      Tables.writeJson(output.out().resolve("table.json"), about, table);
      Tables.writeCsv(output.out().resolve("table.csv"), table);
      if (sheet != null) {
        MapSheet.write(sheet, clip, evaluation.settings(), images.seed());
      }
    }
    return 0;
  }

  private List<String> names(ClipModel clip) {
    boolean all = methods == null || methods.contains("all");
    return all ? Methods.of(clip) : MethodNames.checked(command, "--methods", methods);
  }

  private String invocation(ClipModel clip, M2ibSettings settings, String more) {
    return "./m2ib evaluate --model %s%s --methods %s --layer %d --beta %s%s%s"
        .formatted(
            model.asArguments(),
            images.asArguments(),
            String.join(",", names(clip)),
            settings.clampedTo(clip.image(), clip.text()).layer(),
            settings.beta(),
            precision.asArguments(),
            more);
  }

  private void pairs(ClipModel clip, M2ibSettings settings) throws IOException {
    PairsRun run =
        new PairsRun(
            invocation(clip, settings, " --pairs"),
            clip,
            settings,
            images.pairs(),
            names(clip),
            output.out(),
            output.workers(),
            images.seed());
    output.publish(run.run(output.progress("pictures"), about(clip, settings)), run.part());
  }

  private MethodComparisonRun comparison(ClipModel clip, M2ibSettings settings) throws IOException {
    List<String> names = names(clip);
    String invocation = invocation(clip, settings, sanity == 0 ? "" : " --sanity " + sanity);
    return new MethodComparisonRun(
        invocation,
        clip,
        model::load,
        settings,
        images.set(),
        names,
        images.most(),
        Math.min(sanity, images.most()),
        output.out(),
        output.workers(),
        images.seed());
  }

  private void compare(ClipModel clip, M2ibSettings settings) throws IOException {
    MethodComparisonRun run = comparison(clip, settings);
    String text = run.run(output::progress, command.commandLine().getErr());
    output.print(text);
    if (output.document() != null) {
      run.document(output.document(), text);
    }
  }

  /** A section of one page for each; one that cannot be evaluated does not stop the others. */
  private int compareOnEach(ClipModel clip, M2ibSettings settings) throws IOException {
    DataSetsPage page = new DataSetsPage(output.out(), output.document());
    for (Path dataSet : images.dataSets()) {
      images.use(dataSet);
      try {
        MethodComparisonRun run = comparison(clip, settings);
        run = run.in(page.folder(run.data().name()));
        page.add(run, run.run(output::progress, command.commandLine().getErr()));
      } catch (IOException e) {
        page.fail();
        command.commandLine().getErr().println("m2ib: " + e.getMessage());
      }
    }
    output.print(page.write());
    return page.failed() ? 1 : 0;
  }

  /**
   * Uses phantoms beyond those of the other tables, so that a choice made here is not tested on the
   * same ones.
   */
  private SweepRun sweep(SweepKind kind, int some, ClipModel clip, Evaluation evaluation)
      throws IOException {
    M2ibSettings s = evaluation.settings();
    String invocation =
        "./m2ib evaluate --model %s --%s %d%s --layer %d --beta %s%s"
            .formatted(
                model.asArguments(),
                kind,
                some,
                images.asArguments(),
                s.layer(),
                s.beta(),
                precision.asArguments());
    return new SweepRun(
        kind,
        invocation,
        clip,
        evaluation,
        images.further(some),
        some,
        images.seed(),
        output.progress("pictures"),
        command.commandLine().getErr(),
        output.out());
  }

  private Map<String, Object> about(ClipModel clip, M2ibSettings settings) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("model", clip.card());
    about.put("settings", settings);
    about.put("seed", images.seed());
    about.putAll(Machine.about());
    return about;
  }

  private String text(ClipModel clip, M2ibSettings s, Comparison table) {
    return """
    `./m2ib evaluate --model %s --phantoms %d --seed %d --layer %d --beta %s%s`, %s.
    %s. %d steps, %d samples, noise `%s`.
    %d phantoms that the training has not seen. In brackets: 95 %% intervals, 2000 resamples of phantoms.
    For demonstration only: phantoms, not patients. %s%s

    %s\
    """
        .formatted(
            model.asArguments(),
            images.phantoms(),
            images.seed(),
            s.layer(),
            s.beta(),
            precision.asArguments(),
            Machine.today(),
            ModelOption.cited(clip.card()),
            s.steps(),
            s.samples(),
            s.seed(),
            images.phantoms(),
            Notice.NOT_A_DEVICE,
            clip.card().warning().isBlank() ? "" : "\n" + clip.card().warning() + ".",
            Markdown.ofPhantoms(table));
  }
}
