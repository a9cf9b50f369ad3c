package org.m2ib.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.ChosenSettings;
import org.m2ib.clip.ClipModel;
import org.m2ib.evaluation.Benchmark;
import org.m2ib.evaluation.Timings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what docs/performance.md holds: a Markdown table of seconds and arithmetic limits. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times the attribution of one image and one sentence, and of one image and several.",
      "Beside the seconds: the operations the loop needs over the machine's matrix-product rate."
    })
public final class BenchmarkCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "b32|b16|FOLDER",
      defaultValue = "b32",
      description = "ViT-B/32 or ViT-B/16 with formula weights, or a model (${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Timed runs of each part; the best counts (${DEFAULT-VALUE}).")
  private int repeat = 5;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      description = "Sentences of the image in the last part (${DEFAULT-VALUE}).")
  private int sentences = 5;

  @Mixin private DeviceOption device;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() {
    if (repeat < 1 || sentences < 1) {
      throw new ParameterException(
          command.commandLine(), "--repeat and --sentences must be 1 or more");
    }
    PrintWriter err = command.commandLine().getErr();
    err.println("m2ib: timing; each part runs " + (repeat + 1) + " times");
    try (Benchmark benchmark = benchmark()) {
      print(benchmark, benchmark.run(repeat, sentences));
    }
    return 0;
  }

  private Benchmark benchmark() {
    String where = device.checked();
    return switch (model) {
      case "b32" -> Benchmark.ofFormula(32, where, options.settings(ChosenSettings.NONE));
      case "b16" -> Benchmark.ofFormula(16, where, options.settings(ChosenSettings.NONE));
      default -> {
        ClipModel loaded = ClipModel.load(Path.of(model), where);
        yield Benchmark.of(loaded, options.settings(loaded.chosen()));
      }
    };
  }

  private void print(Benchmark benchmark, Timings t) {
    M2ibSettings s = benchmark.settings();
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        "`./m2ib benchmark --model %s --repeat %d --device %s`, %s, %s, %d cores, %.0f GFLOP/s in a large matrix"
            + " product.%nLayer %d, %d steps, %d samples, seed `%s`, a sentence of %d tokens. Best of"
            + " %d runs.%n%n",
        name(),
        repeat,
        device.checked(),
        LocalDate.now(),
        Machine.processor(),
        Runtime.getRuntime().availableProcessors(),
        t.rate() / 1e9,
        s.layer(),
        s.steps(),
        s.samples(),
        s.seed(),
        benchmark.tokens(),
        repeat);
    out.printf("| part | seconds | arithmetic limit | ratio |%n|---|---|---|---|%n");
    out.printf("| front part, once for an image | %.2f | | |%n", t.front());
    row(out, "image side", t.imageSide(), t.imageLimit());
    row(out, "text side", t.textSide(), t.textLimit());
    out.printf("| one image, %d sentences, everything | %.2f | | |%n", t.sentences(), t.all());
  }

  private static void row(PrintWriter out, String part, double seconds, double limit) {
    out.printf("| %s | %.2f | %.2f | %.2f |%n", part, seconds, limit, seconds / limit);
  }

  /** A folder's own name, not where it lies. */
  private String name() {
    return String.valueOf(Path.of(model).getFileName());
  }
}
