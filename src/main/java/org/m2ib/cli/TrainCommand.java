package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.m2ib.cli.options.DeviceOption;
import org.m2ib.lab.training.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code m2ib train}: trains the phantom model or the collage model. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains a small CLIP from scratch on phantom radiographs and their sentences. The resulting "
          + "folder loads like any Hugging Face CLIP. It is trained on synthetic images, not patients: for "
          + "demonstration only.",
      "With --collages: on collages of four photographs, to measure attribution methods."
    })
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Model folder; checkpoints are saved there too.")
  private Path out;

  @Option(
      names = "--collages",
      description = "Train on collages of photographs instead of phantoms.")
  private boolean collages;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Minutes to train, including those before --resume (60, or 15 for collages).")
  private Double minutes;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Number of steps instead of minutes, the same on every machine (0: use minutes).")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the initial weights and the images (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--resume", description = "Resume from the folder's last checkpoint.")
  private boolean resume;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per step (64, or 16 for collages).")
  private Integer batch;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Number of different training images; a phantom takes 50 kB of memory, a collage none"
              + " (16000 phantoms, 1000000 collages).")
  private Integer images;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "Highest learning rate of AdamW (${DEFAULT-VALUE}).")
  private double rate = 1e-3;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "Steps between checkpoints and progress lines (${DEFAULT-VALUE}).")
  private int every = 100;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException {
    double atMost = minutes != null ? minutes : collages ? 15 : 60;
    int perStep = batch != null ? batch : collages ? 16 : 64;
    int different = images != null ? images : collages ? 1_000_000 : 16_000;
    if (!(atMost > 0)
        || steps < 0
        || perStep < 2
        || different < perStep
        || every < 1
        || !(rate > 0)) {
      throw new ParameterException(
          command.commandLine(),
          "--minutes and --rate must be above 0, --steps at least 0, --every at least 1,"
              + " --batch at least 2, --images at least --batch");
    }
    if (!resume && Files.exists(out.resolve("model.safetensors"))) {
      throw new IOException(
          out + " already contains a model: use --resume, or give another folder");
    }
    PrintWriter err = command.commandLine().getErr();
    Trainer.Subject subject = collages ? Trainer.Subject.COLLAGES : Trainer.Subject.PHANTOMS;
    Trainer.Plan plan =
        new Trainer.Plan(out, seed, atMost, steps, perStep, different, rate, 256, every);
    err.println("m2ib: step   minutes     loss  (pairs, patches, findings)  held out");
    err.flush();
    try (Trainer trainer = new Trainer(subject, plan, resume, device.checked())) {
      Trainer.Progress last =
          trainer.run(
              p -> {
                err.println(line(p, atMost));
                err.flush();
              });
      command
          .commandLine()
          .getOut()
          .println("%s: %d steps, held out: %s".formatted(out, last.step(), figures(last)));
      command.commandLine().getOut().flush();
    }
    return 0;
  }

  private static String line(Trainer.Progress p, double minutes) {
    return "m2ib: %5d %5.1f / %-4.0f %7.3f  (%.3f, %.3f, %.3f)        %s"
        .formatted(
            p.step(),
            p.seconds() / 60,
            minutes,
            p.loss(),
            p.pairs(),
            p.patches(),
            p.features(),
            figures(p));
  }

  private static String figures(Trainer.Progress p) {
    return p.heldOut().entrySet().stream()
        .map(figure -> "%s %.3f".formatted(figure.getKey(), figure.getValue()))
        .collect(Collectors.joining(", "));
  }
}
