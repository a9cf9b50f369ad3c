package org.m2ib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.DeviceOption;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.OutputOptions;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Datasets;
import org.m2ib.lab.experiments.Tuning;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.statistics.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Chooses a model's layer, beta and steps on a site's own cases. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tries layers, betas and steps on your own cases and writes the best to the model's "
          + "model-card.json. Cases are a CSV file with the columns image and sentence; the model "
          + "itself then judges a map. Or use an annotated data set, see docs/evaluation-data.md; "
          + "its ground truth then decides. Only significantly better settings are chosen.",
      Notice.NOT_DIAGNOSTIC
    },
    footer = "Exit code: 0 success, 1 the model or the cases cannot be used, 2 wrong usage.")
public final class ModelsTuneCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CARD = "model-card.json";
  private static final long SEED = 1;

  @Spec private CommandSpec command;

  @Parameters(paramLabel = "FOLDER", description = "Model folder as published by its authors.")
  private Path folder;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "CSV file or data set with the cases.")
  private Path data;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "Maximum number of images (${DEFAULT-VALUE}).")
  private int pictures = 50;

  @Option(names = "--leave-card", description = "Only print the choice; do not change the card.")
  private boolean leaveCard;

  @Mixin private DeviceOption device;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    if (pictures < 1 || output.workers() < 1) {
      throw output.usage("--pictures and --workers must be at least 1");
    }
    output.leaveTheCoresToTheWorkers();
    String where = device.checked();
    Dataset cases = Datasets.open(data);
    cases.problems().forEach(problem -> command.commandLine().getErr().println("m2ib: " + problem));
    try (ClipModel model = ClipModel.load(folder, where)) {
      M2ibSettings now = M2ibSettings.of(model.chosen());
      Tuning tuning = new Tuning(model, now, cases, pictures);
      Tuning.Outcome outcome =
          tuning.run(output.out(), output.workers(), SEED, output.progress("pictures"));
      outcome
          .failures()
          .forEach(failure -> command.commandLine().getErr().println("m2ib: " + failure));
      output.publish(text(model, cases, tuning, outcome), "tuning");
      if (!leaveCard) {
        write(cases, tuning.figure(), outcome);
        output.print(
            "\nWritten to %s. This changes the model's hash and the identifiers of its results.\n"
                .formatted(CARD));
      }
    }
    return 0;
  }

  private String text(ClipModel model, Dataset cases, Tuning tuning, Tuning.Outcome outcome) {
    M2ibSettings s = outcome.chosen();
    List<String> figures =
        List.of(tuning.figure(), "confidence drop", "confidence increase", "deletion", "insertion")
            .stream()
            .filter(f -> outcome.layers().figures().contains(f))
            .toList();
    return """
        `./m2ib models tune %s --data %s --pictures %d%s`, %s.
        %s. %s: %d pictures, %d sentences; chosen by %s.

        Layer and beta:

        %s
        Steps:

        %s
        Chosen: layer %d, beta %s, %d steps. %s from %.4f to %.4f.%s
        """
        .formatted(
            ModelOption.name(folder.toString()),
            data.getFileName(),
            pictures,
            device.asArguments(),
            Machine.today(),
            ModelOption.cited(model.card()),
            cases.name(),
            tuning.size(),
            outcome.cases(),
            tuning.figure(),
            Markdown.of(outcome.layers(), figures),
            Markdown.of(outcome.steps(), figures),
            s.layer(),
            s.beta(),
            s.steps(),
            tuning.figure(),
            outcome.before().value(),
            outcome.after().value(),
            outcome.before().value() == outcome.after().value()
                ? " Nothing was significantly better than the present settings."
                : "");
  }

  /** The rest of the card is unchanged. */
  private void write(Dataset cases, String figure, Tuning.Outcome outcome) throws IOException {
    Path file = folder.resolve(CARD);
    JsonNode before = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
    ObjectNode card = (ObjectNode) before;
    if (!card.has("name")) {
      card.put("name", ModelOption.name(folder.toAbsolutePath().normalize().toString()));
    }
    card.put("layer", outcome.chosen().layer());
    card.put("beta", outcome.chosen().beta());
    card.put("steps", outcome.chosen().steps());
    Interval value = outcome.after();
    card.withArray("evaluation")
        .addObject()
        .put("data", "%s, %d sentences".formatted(cases.name(), outcome.cases()))
        .put("figure", figure)
        .put("value", value.value())
        .put("date", LocalDate.now().toString());
    Path written =
        file.resolveSibling(CARD + ".new"); // not a temporary file, because others read it
    JSON.writerWithDefaultPrettyPrinter().writeValue(written.toFile(), card);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
