package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.ChosenOptions;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.MethodNames;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.OutputOptions;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.experiments.Evaluation;
import org.m2ib.lab.experiments.Roar;
import org.m2ib.lab.report.CurvePlot;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.training.FineTuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code m2ib evaluate roar}: prints the results of ROAR+, and writes them to docs/evaluation.md.
 */
@Command(
    name = "roar",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "ROAR+ on phantoms: removes the pixels that a method ranks highest, continues training, "
          + "and measures how far the model's score falls. An interrupted run is resumed.",
      Notice.NOT_DIAGNOSTIC
    })
public final class RoarCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private ModelOption model;

  @Mixin private ChosenOptions chosen;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "m2ib,grad-eclip,chefer,rollout,random,centre",
      description = "Methods; each is compared with the first (${DEFAULT-VALUE}).")
  private List<String> methods;

  @Option(
      names = "--removed",
      split = ",",
      paramLabel = "PERCENT",
      defaultValue = "10,30,50",
      description = "Percentages of pixels to remove, ascending (${DEFAULT-VALUE}).")
  private List<Integer> removed;

  @Option(
      names = "--training",
      paramLabel = "N",
      description = "Number of training phantoms with findings (${DEFAULT-VALUE}).")
  private int training = 200;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description = "Number of held-out phantoms with findings (${DEFAULT-VALUE}).")
  private int heldOut = 100;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of each training run; 0 skips training (${DEFAULT-VALUE}).")
  private int steps = 200;

  @Option(names = "--batch", paramLabel = "N", description = "Images per step (${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "Highest learning rate of AdamW (${DEFAULT-VALUE}).")
  private double rate = 3e-4;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the first phantom and of the order of training (${DEFAULT-VALUE}).")
  private long seed = Evaluation.FIRST_SEED;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    check();
    output.leaveTheCoresToTheWorkers();
    try (ClipModel clip = model.load(UnaryOperator.identity())) {
      M2ibSettings settings =
          ChosenOptions.checked(command, () -> M2ibSettings.of(chosen.or(clip.chosen())))
              .clampedTo(clip.image(), clip.text());
      Roar.Plan plan =
          new Roar.Plan(
              seed, training, heldOut, removed, new FineTuning.Plan(seed, steps, batch, rate));
      Comparison comparison =
          new Roar(model::load, clip, settings, plan)
              .run(methods, output.out(), output.workers(), output::progress);
      String text = text(clip, settings, comparison);
      output.publish(text, "roar");
      Path out = output.out();
      Files.writeString(out.resolve("roar.md"), text);
      Tables.writeJson(out.resolve("roar.json"), about(clip, settings, plan), comparison);
      Tables.writeCsv(out.resolve("roar.csv"), comparison);
      CurvePlot.write(
          out.resolve("roar.png"),
          "ROAR+",
          "share of pixels removed",
          shares(),
          "pictures told apart (0.5 by chance)",
          curves(comparison));
    }
    return 0;
  }

  private void check() {
    MethodNames.checked(command, "--methods", methods);
    if (methods.stream().distinct().count() < methods.size()) {
      throw output.usage("--methods: a method is listed twice; name each once");
    }
    if (training < 1
        || heldOut < 2
        || batch < 1
        || output.workers() < 1
        || steps < 0
        || !(rate > 0)) {
      throw output.usage(
          "--training, --batch and --workers must be at least 1, --held-out at least 2,"
              + " --steps at least 0, --rate above 0");
    }
    for (int i = 0; i < removed.size(); i++) {
      if (removed.get(i) > 100 || removed.get(i) <= (i == 0 ? 0 : removed.get(i - 1))) {
        throw output.usage("--removed: ascending percentages from 1 to 100, for example 10,30,50");
      }
    }
  }

  private List<Double> shares() {
    List<Double> shares = new ArrayList<>(List.of(0.0));
    removed.forEach(percent -> shares.add(percent / 100.0));
    return shares;
  }

  private List<String> figures() {
    List<String> figures = new ArrayList<>(List.of(Roar.WHOLE));
    removed.forEach(percent -> figures.add(Roar.figure(percent)));
    return figures;
  }

  private Map<String, List<Double>> curves(Comparison comparison) {
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    for (Comparison.Row row : comparison.overall().rows()) {
      curves.put(row.method(), figures().stream().map(f -> row.figures().get(f).value()).toList());
    }
    return curves;
  }

  private Map<String, Object> about(ClipModel clip, M2ibSettings settings, Roar.Plan plan) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("model", clip.card());
    about.put("settings", settings);
    about.put("plan", plan);
    about.putAll(Machine.about());
    return about;
  }

  private String text(ClipModel clip, M2ibSettings s, Comparison comparison) {
    List<String> columns = figures();
    columns.add(Roar.AREA);
    return """
        `./m2ib evaluate roar --model %s --layer %d --beta %s --methods %s --removed %s --training %d --held-out %d \
        --steps %d --batch %d --rate %s --seed %d`, %s.
        %s. %d steps, %d samples, noise `%s`.
        Lower is better, but for the area, where higher is.

        %s"""
        .formatted(
            model.asArguments(),
            s.layer(),
            s.beta(),
            String.join(",", methods),
            removed.stream().map(String::valueOf).collect(Collectors.joining(",")),
            training,
            heldOut,
            steps,
            batch,
            rate,
            seed,
            Machine.today(),
            ModelOption.cited(clip.card()),
            s.steps(),
            s.samples(),
            s.seed(),
            Markdown.of(comparison.overall(), columns));
  }
}
