package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.cli.options.DeviceOption;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.clip.loading.Inventory;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.results.capture.SecondaryCapture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Describes a model folder and checks whether it runs. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Loads a model folder and describes it; with an image, also how well a sentence matches it.",
      "A model that cannot be run is refused with the file and tensor at fault."
    },
    footer = "Exit code: 0 the model runs, 1 it does not, 2 wrong usage.")
public final class ModelsCheckCommand implements Callable<Integer> {
  private static final double MEBIBYTE = 1 << 20;

  /** Names of unused tensors shown: a ResNet has a batch counter in each of its norms. */
  private static final int MOST_NAMES = 8;

  @Spec private CommandSpec command;

  @Parameters(paramLabel = "FOLDER", description = "Model folder as published by its authors.")
  private Path folder;

  @Option(
      names = "--text",
      paramLabel = "SENTENCE",
      description = "Sentence to tokenise (${DEFAULT-VALUE}).")
  private String text = "Small left pleural effusion.";

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "DICOM, PNG or JPEG file to match with the sentence.")
  private Path image;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException {
    String deviceName = device.checked();
    long start = System.nanoTime();
    try (ClipModel model = ClipModel.load(folder, deviceName)) {
      double seconds = (System.nanoTime() - start) / 1e9;
      card(model.card());
      line("layout", "%s", model.family().title());
      if (!model.family().assumption().isEmpty()) {
        line("assumed", "%s", model.family().assumption());
      }
      towers(model);
      tensors(model.inventory());
      line("loaded in", "%.1f s%s", seconds, memory());
      tokens(model.tokenizer().encode(text));
      similarity(model);
    }
    return 0;
  }

  private void card(ModelCard card) {
    line(
        "model",
        "%s%s",
        card.name(),
        card.version().isEmpty() ? "" : ", version " + card.version());
    line("SHA-256", "%s", card.hash());
    line("licence", "%s", card.licence().isEmpty() ? "not stated" : card.licence());
    if (!card.warning().isEmpty()) {
      line("warning", "%s", card.warning());
    }
  }

  private void towers(ClipModel model) {
    ImageEncoder i = model.image();
    TextEncoder t = model.text();
    int last = i.layers() - 1;
    line(
        "image tower",
        "%d layers, input %d x %d, grid %s, width %s, %s",
        i.layers(),
        i.imageSize(),
        i.imageSize(),
        range(
            i.gridRows(-1) + " x " + i.gridColumns(-1),
            i.gridRows(last) + " x " + i.gridColumns(last)),
        range("" + i.width(-1), "" + i.width(last)),
        i.prefixTokens() == 0 ? "no class token" : "class token");
    line(
        "text tower",
        "%d layers, context %d tokens, vocabulary %d, width %d",
        t.layers(),
        t.context(),
        t.vocabulary(),
        t.width());
    int layer = M2ibSettings.of(model.chosen()).clampedTo(i, t).layer();
    line(
        "bottleneck",
        "behind layer %d%s, %d x %d patches",
        layer,
        model.chosen().layer().isPresent() ? " (from the model card)" : "",
        i.gridRows(layer),
        i.gridColumns(layer));
  }

  private static String range(String first, String last) {
    return first.equals(last) ? first : first + " to " + last;
  }

  private void tensors(Inventory inventory) {
    line("weights", "%s", String.join(", ", inventory.files()));
    line(
        "tensors",
        "%d found, none missing, %d unused%s",
        inventory.tensors(),
        inventory.unread().size(),
        inventory.unread().isEmpty() ? "" : ": " + firstNames(inventory.unread()));
    line(
        "parameters",
        "%.1f million, %.0f MiB in the engine%s",
        inventory.parameters() / 1e6,
        inventory.parameters() * Float.BYTES / MEBIBYTE,
        inventory.rounded() == 0
            ? ""
            : ", " + inventory.rounded() + " tensors rounded from float64 to float32");
  }

  static String firstNames(List<String> names) {
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES))
            + " and %d more".formatted(names.size() - MOST_NAMES);
  }

  /** Peak memory of the process, if the system provides it. */
  private static String memory() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .map(mebibytes -> ", peak memory of the process %.0f MiB".formatted(mebibytes))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return ""; // not Linux
    }
  }

  private void tokens(Tokens tokens) {
    line("sentence", "%s", text);
    line(
        "tokens",
        "%d: %s",
        tokens.size(),
        tokens.tokens().stream().map(ModelsCheckCommand::token).collect(Collectors.joining(" ")));
    tokens.cut().ifPresent(at -> line("cut", "beyond the context: %s", text.substring(at).strip()));
  }

  private static String token(Token token) {
    return token.special() ? "<" + token.id() + ">" : token.text() + "(" + token.id() + ")";
  }

  private void similarity(ClipModel model) throws IOException {
    if (image == null) {
      return;
    }
    ImageFile file =
        ImageFile.read(image, ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne));
    long start = System.nanoTime();
    try (Attributor attributor = Methods.m2ib(model, M2ibSettings.of(model.chosen()));
        PreparedImage prepared = attributor.prepare(model.preprocessor().apply(file.image()))) {
      double similarity = prepared.similarity(text);
      double seconds = (System.nanoTime() - start) / 1e9;
      line("similarity", "%.4f, in %.2f s", similarity, seconds);
      model.probability(similarity).ifPresent(p -> line("probability", "%.4f, by its sigmoid", p));
    }
  }

  private void line(String what, String format, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.println("%-12s ".formatted(what) + format.formatted(values));
    out.flush();
  }
}
