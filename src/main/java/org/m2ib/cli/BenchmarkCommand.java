package org.m2ib.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PrecisionTrial;
import org.m2ib.cli.options.DeviceOption;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.SettingsOptions;
import org.m2ib.clip.ChosenSettings;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;
import org.m2ib.lab.experiments.Benchmark;
import org.m2ib.lab.experiments.EngineProfile;
import org.m2ib.lab.experiments.FormulaClip;
import org.m2ib.lab.experiments.ImagesTrial;
import org.m2ib.lab.experiments.Timings;
import org.m2ib.lab.report.GeneratedPart;
import org.m2ib.lab.report.Markdown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Prints the generated part of docs/performance.md: a Markdown table of seconds and arithmetic
 * limits, and the engine's profile.
 */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the time to attribute one image with one sentence and with several.",
      "Compares it with the limit set by the machine's matrix-product rate."
    })
public final class BenchmarkCommand implements Callable<Integer> {
  /** Number of operators shown. */
  private static final int OPERATORS = 8;

  /** Head of the table of precisions. */
  private static final String PRECISIONS =
      "Median seconds of a sentence, both precisions alternately.\n\n"
          + Markdown.head(
              List.of(
                  "model",
                  "layer",
                  "steps",
                  "samples",
                  "image side, float32",
                  "bfloat16",
                  "ratio",
                  "text side, float32",
                  "bfloat16",
                  "ratio"));

  /** Head of the table of what the precision changes. */
  private static final String PRODUCTS =
      "\nSeconds of the image side in matrix products and in everything else, by the engine's own"
          + " profiler.\n\n"
          + Markdown.head(
              List.of(
                  "model",
                  "products, float32",
                  "bfloat16",
                  "ratio",
                  "everything else, float32",
                  "bfloat16",
                  "ratio"));

  /** Timed products of each precision: about a second. */
  private static final int PRODUCT_RUNS = 9;

  /** Head of the table of what the machine would allow. */
  private static final String LIMITS =
      "\nGFLOP/s in a large matrix product, median, both precisions alternately; seconds of the image"
          + " side if everything ran at that rate (the arithmetic limit), and its time relative to"
          + " that.\n\n"
          + Markdown.head(
              List.of(
                  "model",
                  "GFLOP/s, float32",
                  "bfloat16",
                  "ratio",
                  "limit, float32",
                  "bfloat16",
                  "of the limit, float32",
                  "bfloat16"));

  /** Head of the table of images. */
  private static final String IMAGES =
      "Median seconds of both loops for all images, the three ways alternately.\n\n"
          + Markdown.head(
              List.of(
                  "model",
                  "images",
                  "sentences of each",
                  "one after the other",
                  "in one batch",
                  "ratio",
                  "each on a thread",
                  "ratio"));

  @Spec private CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "b32|b16|l14|so400m|FOLDER",
      split = ",",
      defaultValue = "b32",
      description = {
        "ViT-B/32, ViT-B/16, ViT-L/14-336 or SigLIP so400m/14-448 with generated weights, or a "
            + "model folder; several are separated by commas and run one after the other "
            + "(${DEFAULT-VALUE})."
      })
  private List<String> models;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Timed runs of each part; the fastest is reported (${DEFAULT-VALUE}).")
  private int repeat = 5;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      description = "Number of sentences in the last part (${DEFAULT-VALUE}).")
  private int sentences = 5;

  @Option(
      names = "--precisions",
      description = {
        "Instead, measure both loops of one sentence in float32 and bfloat16, alternately."
      })
  private boolean precisions;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = {
        "Instead, measure both loops of N images with --sentences each: one image after the other, "
            + "all in one batch, and each on a thread of its own, alternately."
      })
  private int images;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads per tensor operation (number of cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--doc",
      paramLabel = "FILE",
      description = "Markdown document whose generated part is rewritten.")
  private Path document;

  @Mixin private DeviceOption device;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() throws IOException {
    if (repeat < 1 || sentences < 1 || threads < 1) {
      throw new ParameterException(
          command.commandLine(), "--repeat, --sentences and --threads must be at least 1");
    }
    if (images < 0 || images > 0 && precisions) {
      throw new ParameterException(
          command.commandLine(), "--images must be at least 1, and without --precisions");
    }
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    String deviceName = device.checked();
    command
        .commandLine()
        .getErr()
        .println("m2ib: measuring; each part of a model runs " + repeat + " times after warm-up");
    StringBuilder text = new StringBuilder(conditions());
    text.append(precisions ? PRECISIONS : images > 0 ? IMAGES : "");
    StringBuilder products = new StringBuilder(precisions ? PRODUCTS : "");
    StringBuilder limits = new StringBuilder(precisions ? LIMITS : "");
    for (String model : models) {
      try (Benchmark benchmark = benchmark(model, deviceName)) {
        if (precisions) {
          PrecisionTrial.Outcome outcome = benchmark.precisions(repeat);
          text.append(row(model, benchmark.settings(), outcome));
          products.append(products(model, benchmark, outcome));
          limits.append(limits(model, benchmark, outcome));
        } else {
          text.append(images > 0 ? images(model, benchmark) : of(model, benchmark));
        }
      }
    }
    text.append(products).append(limits);
    command.commandLine().getOut().print(text);
    command.commandLine().getOut().flush();
    if (document != null) {
      GeneratedPart.write(
          document,
          precisions ? "benchmark of precisions" : images > 0 ? "benchmark of images" : "benchmark",
          text.toString());
    }
    return 0;
  }

  private Benchmark benchmark(String model, String deviceName) {
    Optional<FormulaClip> formula = FormulaClip.named(model);
    if (formula.isPresent()) {
      return Benchmark.ofFormula(formula.get(), deviceName, options.settings(ChosenSettings.NONE));
    }
    ClipModel loaded = ClipModel.load(Path.of(model), deviceName);
    return Benchmark.of(loaded, options.settings(loaded.chosen()));
  }

  private String conditions() {
    return "`./m2ib benchmark --model %s --repeat %d %s --threads %d%s%s`, %s.%n"
        .formatted(
            String.join(",", models.stream().map(ModelOption::name).toList()),
            repeat,
            precisions
                ? "--precisions"
                : "--sentences " + sentences + (images > 0 ? " --images " + images : ""),
            threads,
            device.asArguments(),
            options.asArguments(),
            Machine.today());
  }

  private static String title(String model) {
    return FormulaClip.named(model).map(FormulaClip::title).orElse(ModelOption.name(model));
  }

  private String images(String model, Benchmark benchmark) {
    ImagesTrial.Outcome seconds = benchmark.images(images, sentences, repeat);
    return "| %s | %d | %d | %.3f | %.3f | %.2f | %.3f | %.2f |%n"
        .formatted(
            title(model),
            images,
            sentences,
            seconds.apart(),
            seconds.together(),
            seconds.apart() / seconds.together(),
            seconds.parallel(),
            seconds.apart() / seconds.parallel());
  }

  private static String row(String model, M2ibSettings s, PrecisionTrial.Outcome outcome) {
    return "| %s | %d | %d | %d | %.3f | %.3f | %.2f | %.3f | %.3f | %.2f |%n"
        .formatted(
            title(model),
            s.layer(),
            s.steps(),
            s.samples(),
            outcome.float32().image(),
            outcome.bfloat16().image(),
            outcome.float32().image() / outcome.bfloat16().image(),
            outcome.float32().text(),
            outcome.bfloat16().text(),
            outcome.float32().text() / outcome.bfloat16().text());
  }

  private static String products(
      String model, Benchmark benchmark, PrecisionTrial.Outcome outcome) {
    double float32 = outcome.float32().image();
    double bfloat16 = outcome.bfloat16().image();
    double products32 = float32 * benchmark.imageProducts(Precision.FLOAT32);
    double products16 = bfloat16 * benchmark.imageProducts(Precision.BFLOAT16);
    return "| %s | %.3f | %.3f | %.2f | %.3f | %.3f | %.2f |%n"
        .formatted(
            title(model),
            products32,
            products16,
            products32 / products16,
            float32 - products32,
            bfloat16 - products16,
            (float32 - products32) / (bfloat16 - products16));
  }

  private static String limits(String model, Benchmark benchmark, PrecisionTrial.Outcome outcome) {
    Benchmark.Rates rates = benchmark.rates(PRODUCT_RUNS);
    double limit32 = benchmark.imageFlops() / rates.float32();
    double limit16 = benchmark.imageFlops() / rates.bfloat16();
    return "| %s | %.0f | %.0f | %.2f | %.3f | %.3f | %.2f | %.2f |%n"
        .formatted(
            title(model),
            rates.float32() / 1e9,
            rates.bfloat16() / 1e9,
            rates.bfloat16() / rates.float32(),
            limit32,
            limit16,
            outcome.float32().image() / limit32,
            outcome.bfloat16().image() / limit16);
  }

  private String of(String model, Benchmark benchmark) {
    Timings t = benchmark.run(repeat, sentences);
    Benchmark.Profiles profiles = benchmark.profiles();
    M2ibSettings s = benchmark.settings();
    String batchedTitle = "%s side, each of " + t.batchSize() + " together";
    StringBuilder text = new StringBuilder();
    text.append(
        """

        %s: layer %d, %d steps, %d samples, seed `%s`, a sentence of %d tokens. %.0f GFLOP/s in a large matrix product. \
        Best of %d runs.

        %s| image prefix, once for an image | %.3f | | | |
        | text prefix of a sentence | %.3f | | | |
        """
            .formatted(
                ModelOption.name(model),
                s.layer(),
                s.steps(),
                s.samples(),
                s.seed(),
                benchmark.tokens(),
                t.rate() / 1e9,
                repeat,
                Markdown.head(
                    List.of(
                        "part",
                        "seconds",
                        "arithmetic limit",
                        "ratio",
                        "ratio of its matrix products alone")),
                t.imagePrefix(),
                t.textPrefix()));
    text.append(singleRow("image", t.single().image(), t.imageLimit(), profiles.image()));
    text.append(singleRow("text", t.single().text(), t.textLimit(), profiles.text()));
    text.append(row(batchedTitle.formatted("image"), t.batched().image(), t.imageLimit()));
    text.append(row(batchedTitle.formatted("text"), t.batched().text(), t.textLimit()));
    text.append(
        """
        | one image, %d sentences, everything | %.2f | | | |
        """
            .formatted(t.sentences(), t.whole()));
    text.append(operators("image", profiles.image()));
    text.append(operators("text", profiles.text()));
    return text.toString();
  }

  private static String operators(String side, List<EngineProfile.Operator> operators) {
    StringBuilder text = new StringBuilder();
    text.append(
        """

        Where the engine's time goes in the %s side of a sentence alone, by its own profiler:

        %s"""
            .formatted(side, Markdown.head(List.of("operator", "calls", "share"))));
    operators.stream()
        .limit(OPERATORS)
        .forEach(
            o -> text.append("| %s | %d | %.3f |%n".formatted(o.name(), o.calls(), o.share())));
    return text.toString();
  }

  /** Includes the time that any loop needs for these products in this engine. */
  private static String singleRow(
      String side, double seconds, double limit, List<EngineProfile.Operator> operators) {
    return "| %s side, a sentence alone | %.3f | %.3f | %.2f | %.2f |%n"
        .formatted(
            side,
            seconds,
            limit,
            seconds / limit,
            EngineProfile.products(operators) * seconds / limit);
  }

  private static String row(String part, double seconds, double limit) {
    return "| %s | %.3f | %.3f | %.2f | |%n".formatted(part, seconds, limit, seconds / limit);
  }
}
