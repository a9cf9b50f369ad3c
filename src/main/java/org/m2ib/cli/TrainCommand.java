package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.m2ib.cli.options.DeviceOption;
import org.m2ib.lab.training.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code m2ib train}: makes the phantom model. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a small CLIP on phantom radiographs and their sentences, from nothing. The folder it",
      "writes loads as any Hugging Face CLIP folder does. It learns drawings, not patients: for",
      "demonstration only."
    })
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The model folder; checkpoints lie beside the model.")
  private Path out;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long, those before --resume counted (${DEFAULT-VALUE}).")
  private double minutes = 60;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "How many steps instead, the same on every machine (0: as the minutes allow).")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "The same seed starts the same and learns the same phantoms (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--resume", description = "Goes on from the folder's last checkpoint.")
  private boolean resume;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Pictures of a step (${DEFAULT-VALUE}).")
  private int batch = 64;

  @Option(
      names = "--phantoms",
      paramLabel = "N",
      description = "Different pictures to learn from; 50 kB of memory each (${DEFAULT-VALUE}).")
  private int phantoms = 16_000;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "Highest learning rate of AdamW (${DEFAULT-VALUE}).")
  private double rate = 1e-3;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "Steps between two checkpoints and lines of progress (${DEFAULT-VALUE}).")
  private int every = 100;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException {
    if (!(minutes > 0) || steps < 0 || batch < 2 || phantoms < batch || every < 1 || !(rate > 0)) {
      throw new ParameterException(
          command.commandLine(),
          "--minutes and --rate must be above 0, --steps 0 or more, --every 1 or more, --batch 2 or more,"
              + " --phantoms at least --batch");
    }
    if (!resume && Files.exists(out.resolve("model.safetensors"))) {
      throw new IOException(out + " holds a model already: --resume, or give another folder");
    }
    PrintWriter err = command.commandLine().getErr();
    Trainer.Plan plan =
        new Trainer.Plan(out, seed, minutes, steps, batch, phantoms, rate, 256, every);
    err.println("m2ib: step   minutes     loss  (pairs, patches, findings)  pair AUC  side right");
    err.flush();
    try (Trainer trainer = new Trainer(plan, resume, device.checked())) {
      Trainer.Progress last =
          trainer.run(
              p -> {
                err.println(line(p, minutes));
                err.flush();
              });
      command
          .commandLine()
          .getOut()
          .printf(
              "%s: %d steps, held-out pair AUC %.3f, side right in %.3f%n",
              out, last.step(), last.heldOut().pairAuc(), last.heldOut().sideRight());
      command.commandLine().getOut().flush();
    }
    return 0;
  }

  private static String line(Trainer.Progress p, double minutes) {
    return "m2ib: %5d %5.1f / %-4.0f %7.3f  (%.3f, %.3f, %.3f)        %.3f     %.3f"
        .formatted(
            p.step(),
            p.seconds() / 60,
            minutes,
            p.loss(),
            p.pairs(),
            p.patches(),
            p.features(),
            p.heldOut().pairAuc(),
            p.heldOut().sideRight());
  }
}
