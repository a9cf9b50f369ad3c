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
import org.m2ib.cli.options.ChosenOptions;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.MethodNames;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.OutputOptions;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Datasets;
import org.m2ib.lab.datasets.Phantoms;
import org.m2ib.lab.experiments.Evaluation;
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

/** Prints, and writes into docs/phantom-model.md, how well a model's maps find what is there. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {RoarCommand.class, AuditCommand.class},
    description = {
      "Measures a model and its maps on phantoms that it was not trained on: does the map find the",
      "finding, does the model tell right from wrong? A run that was cut off goes on.",
      "Not for diagnostic use."
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private ModelOption model;

  @Option(
      names = "--phantoms",
      paramLabel = "N",
      description = "How many; ten findings lie in seven of them (${DEFAULT-VALUE}).")
  private int phantoms = 750;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the first phantom; the others follow (${DEFAULT-VALUE}).")
  private long seed = Evaluation.FIRST_SEED;

  @Mixin private ChosenOptions chosen;

  @Option(
      names = "--sweep",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "60",
      description = {
        "Instead: layers, betas and M2IB's other settings one at a time, and other methods, on N phantoms",
        "behind the others (60)."
      })
  private int sweep;

  @Option(
      names = "--savings",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "60",
      description = {
        "Instead: what stopping early, fewer steps and fewer samples change in the maps, on N",
        "phantoms behind the others (60)."
      })
  private int savings;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "Instead of phantoms, a data set: MS-CXR, VinDr-CXR, ChestX-Det or masks; a folder or an",
        "annotation file, see docs/evaluation-data.md. The methods are compared on it."
      })
  private Path data;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Compare methods on the same examples; the first is what the others are held against:",
        "all, or some of ${COMPLETION-CANDIDATES} (all)."
      },
      completionCandidates = MethodNames.class)
  private List<String> methods;

  @Option(
      names = "--sanity",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "12",
      description = {
        "With --methods or --data: also how maps change with random weights, another sentence,"
            + " other",
        "noise and small changes of the picture, on the first N pictures (12)."
      })
  private int sanity;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "With --data: at most so many pictures (all).")
  private int pictures = Integer.MAX_VALUE;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "A PNG of maps: for each finding the first phantoms that have it.")
  private Path sheet;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    if (phantoms < 1
        || output.workers() < 1
        || sweep < 0
        || savings < 0
        || sanity < 0
        || pictures < 1) {
      throw output.usage(
          "--phantoms, --sweep, --savings, --sanity, --pictures and --workers must be 1 or more");
    }
    if (sanity > 0 && data == null && methods == null) {
      throw output.usage("--sanity goes with --methods or --data: it tells methods apart");
    }
    output.leaveTheCoresToTheWorkers();
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      M2ibSettings settings =
          ChosenOptions.checked(command, () -> M2ibSettings.of(chosen.or(clip.chosen())));
      if (data != null || methods != null) {
        compare(clip, settings);
        return 0;
      }
      Evaluation evaluation = new Evaluation(clip, settings, output.out(), output.workers());
      if (sweep > 0) {
        output.publish(sweep("--sweep", sweep, clip, evaluation).sweep(), "sweep");
      }
      if (savings > 0) {
        output.publish(sweep("--savings", savings, clip, evaluation).savings(), "savings");
      }
      if (sweep > 0 || savings > 0) {
        return 0;
      }
      Comparison table = evaluation.run(seed, phantoms, output.progress("phantoms"));
      String text = text(clip, evaluation.settings(), table);
      output.publish(text, "evaluation");
      Files.writeString(output.out().resolve("table.md"), text);
      Map<String, Object> about = about(clip, evaluation.settings());
      about.put("phantoms", phantoms);
      about.put("targets", Target.of(table));
      Tables.writeJson(output.out().resolve("table.json"), about, table);
      Tables.writeCsv(output.out().resolve("table.csv"), table);
      if (sheet != null) {
        MapSheet.write(sheet, clip, evaluation.settings(), seed);
      }
    }
    return 0;
  }

  private void compare(ClipModel clip, M2ibSettings settings) throws IOException {
    boolean all = methods == null || methods.contains("all");
    List<String> names =
        all ? Methods.of(clip) : MethodNames.checked(command, "--methods", methods);
    Dataset set = data == null ? new Phantoms(seed, phantoms) : Datasets.open(data);
    String invocation =
        "./m2ib evaluate --model %s%s --methods %s --layer %d --beta %s%s"
            .formatted(
                model.asArguments(),
                data == null
                    ? " --phantoms %d --seed %d".formatted(phantoms, seed)
                    : " --data "
                        + data.getFileName()
                        + (pictures == Integer.MAX_VALUE ? "" : " --pictures " + pictures),
                String.join(",", names),
                settings.clampedTo(clip.image(), clip.text()).layer(),
                settings.beta(),
                sanity == 0 ? "" : " --sanity " + sanity);
    int most = data == null ? phantoms : pictures;
    MethodComparisonRun run =
        new MethodComparisonRun(
            invocation,
            clip,
            model::load,
            settings,
            set,
            names,
            most,
            Math.min(sanity, most),
            output.out(),
            output.workers(),
            seed);
    String text = run.run(output::progress, command.commandLine().getErr());
    output.print(text);
    if (output.document() != null) {
      run.document(output.document(), text);
    }
  }

  /**
   * On phantoms behind those of the other tables, so that what is chosen by it is not asked there.
   */
  private SweepRun sweep(String option, int some, ClipModel clip, Evaluation evaluation) {
    M2ibSettings s = evaluation.settings();
    String invocation =
        "./m2ib evaluate --model %s %s %d --phantoms %d --seed %d --layer %d --beta %s"
            .formatted(model.asArguments(), option, some, phantoms, seed, s.layer(), s.beta());
    return new SweepRun(
        invocation,
        clip,
        evaluation,
        seed + phantoms,
        some,
        output.progress("phantoms"),
        output.out());
  }

  private Map<String, Object> about(ClipModel clip, M2ibSettings settings) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("model", clip.card());
    about.put("settings", settings);
    about.put("seed", seed);
    about.putAll(Machine.about());
    return about;
  }

  private String text(ClipModel clip, M2ibSettings s, Comparison table) {
    return """
        `./m2ib evaluate --model %s --phantoms %d --seed %d --layer %d --beta %s`, %s.
        %s. %d steps, %d samples, noise `%s`.
        %d phantoms that the training has not seen. In brackets: 95 %% intervals, 2000 resamples of phantoms.
        For demonstration only: phantoms, not patients. Not a diagnostic device.%s

        %s"""
        .formatted(
            model.asArguments(),
            phantoms,
            seed,
            s.layer(),
            s.beta(),
            Machine.today(),
            ModelOption.cited(clip.card()),
            s.steps(),
            s.samples(),
            s.seed(),
            phantoms,
            clip.card().warning().isBlank() ? "" : "\n" + clip.card().warning() + ".",
            Markdown.ofPhantoms(table));
  }
}
