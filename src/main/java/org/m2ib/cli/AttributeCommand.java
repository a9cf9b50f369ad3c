package org.m2ib.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.cli.options.AttributedSentence;
import org.m2ib.cli.options.Failures;
import org.m2ib.cli.options.MethodNames;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.cli.options.OverlayNames;
import org.m2ib.cli.options.PrecisionOption;
import org.m2ib.cli.options.Progress;
import org.m2ib.cli.options.ResultPrinter;
import org.m2ib.cli.options.SettingsOptions;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.config.Defaults;
import org.m2ib.config.M2ibConfig;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.ModelInput;
import org.m2ib.results.MapLocation;
import org.m2ib.results.capture.Caption;
import org.m2ib.results.capture.HeatmapRenderer;
import org.m2ib.results.capture.Png;
import org.m2ib.results.capture.SecondaryCapture;
import org.m2ib.results.capture.WordSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Attributes image files without the service: weights are loaded once, images are processed one by
 * one.
 */
@Command(
    name = "attribute",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows which patches of an image and which words of a sentence carry a model's match.",
      Notice.NOT_DIAGNOSTIC
    },
    footer = "Exit code: 0 success, 1 an image or the model could not be used, 2 wrong usage.")
public final class AttributeCommand implements Callable<Integer> {
  private static final int LONG_SIDE =
      Integer.parseInt(Defaults.of(M2ibConfig.Results.class, "longSide"));

  @Spec private CommandSpec command;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "DICOM, PNG or JPEG file, or a folder of them (not its sub-folders).")
  private List<Path> paths;

  @Option(names = "--text", paramLabel = "SENTENCE", description = "A sentence; may be repeated.")
  private List<String> texts = List.of();

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "A UTF-8 file with one sentence per line.")
  private Path textFile;

  @Mixin private ModelOption model;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "Method: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).",
      completionCandidates = MethodNames.class)
  private String method = MethodCard.M2IB;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Output folder for the overlays (${DEFAULT-VALUE}).")
  private Path out = Path.of("m2ib-out");

  @Option(
      names = "--frame",
      paramLabel = "first|middle|N",
      defaultValue = "first",
      description =
          "Frame of a multi-frame image: first, middle or a number from 1 (${DEFAULT-VALUE}).")
  private String frame;

  @Option(
      names = "--json",
      description = {
        "Print only a JSON array. grid.scaled is the grid of bits scaled to 0 to 1 before "
            + "interpolation."
      })
  private boolean json;

  @Option(
      names = "--input-map",
      description = {
        "Add grid.input in the size of the model's input: the bits interpolated and then scaled "
            + "to 0 to 1, the order of the published code."
      })
  private boolean inputMap;

  @Option(
      names = "--interactions",
      description = {
        "Add which word goes with which region, whatever the method (exCLIP, arXiv 2408.14153): a "
            + "sheet with one small map per word beside the overlay, and interactions in the JSON."
      })
  private boolean interactions;

  @Mixin private SettingsOptions options;

  @Mixin private PrecisionOption precision;

  @Override
  public Integer call() throws IOException {
    ImageSelection selection = ImageSelection.all(frameChoice(), SecondaryCapture::isOne);
    MethodNames.checked(command, "--method", List.of(method));
    List<String> sentences = sentences();
    List<Path> images = images();
    Files.createDirectories(out);
    OverlayNames names = new OverlayNames(out, images, sentences.size());
    Progress progress = new Progress(err(), images.size() * sentences.size());
    int failed = 0;
    try (ClipModel clip = model.load(UnaryOperator.identity());
        Attributor attributor =
            Methods.attributor(clip, method, precision.in(clip, options.settings(clip.chosen())));
        ResultPrinter printer = printer(clip)) {
      for (Path image : images) {
        try {
          ImageFile source = ImageFile.read(image, selection);
          ModelInput input = clip.preprocessor().apply(source.image());
          List<Path> overlays = names.filesFor(image);
          try (PreparedImage prepared = attributor.prepare(input)) {
            for (int i = 0; i < sentences.size(); i++) {
              String text = sentences.get(i);
              Attribution map = prepared.attribute(text);
              MapLocation location =
                  MapLocation.of(
                      map.scaled(),
                      input.geometry(),
                      source.patientOrientation(),
                      source.modality());
              writeOverlay(source, input, map, text, clip.card(), overlays.get(i));
              AttributedSentence.WordMaps words =
                  interactions
                      ? words(source, input, prepared, text, clip.card(), overlays.get(i))
                      : null;
              progress.clear();
              printer.print(
                  AttributedSentence.of(
                      image,
                      text,
                      map,
                      grid(map, clip),
                      clip.card(),
                      location,
                      words,
                      overlays.get(i)));
              progress.advance();
            }
          }
        } catch (IOException | RuntimeException e) {
          failed++;
          progress.clear();
          err().println("m2ib: " + image + ": " + Failures.message(e));
        }
      }
      progress.clear();
    }
    return failed == 0 ? 0 : command.exitCodeOnExecutionException();
  }

  private AttributedSentence.Grid grid(Attribution map, ClipModel model) {
    return AttributedSentence.Grid.of(map, inputMap ? model.image().imageSize() : 0);
  }

  private void writeOverlay(
      ImageFile source, ModelInput input, Attribution map, String text, ModelCard card, Path file)
      throws IOException {
    Caption caption = new Caption(text, card.name(), card.warning());
    BufferedImage overlay =
        HeatmapRenderer.of(source.image(), input.geometry(), map, caption, LONG_SIDE);
    Files.write(file, Png.of(overlay));
  }

  private static AttributedSentence.WordMaps words(
      ImageFile source,
      ModelInput input,
      PreparedImage prepared,
      String text,
      ModelCard card,
      Path overlay)
      throws IOException {
    Interactions found = prepared.interactions(text);
    Caption caption = new Caption(text, card.name(), card.warning());
    Path file = OverlayNames.wordsBeside(overlay);
    Files.write(file, Png.of(WordSheet.of(source.image(), input.geometry(), found, caption)));
    return new AttributedSentence.WordMaps(found.words(), file.toString());
  }

  private ResultPrinter printer(ClipModel model) throws IOException {
    PrintWriter print = command.commandLine().getOut();
    return json
        ? ResultPrinter.json(print)
        : ResultPrinter.table(print, AttributedSentence.notice(model.card()));
  }

  private FrameChoice frameChoice() {
    try {
      return FrameChoice.parse(frame);
    } catch (IllegalArgumentException e) {
      throw usage("--frame: " + e.getMessage());
    }
  }

  /** Those of the command line, then those of the file. */
  private List<String> sentences() throws IOException {
    List<String> all = new ArrayList<>(texts);
    if (textFile != null) {
      all.addAll(lines(textFile));
    }
    if (all.isEmpty()) {
      throw usage("no sentence: give --text \"...\", or --texts with a file that is not empty");
    }
    if (all.stream().anyMatch(String::isBlank)) {
      throw usage("--text is blank");
    }
    return all;
  }

  private static List<String> lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (UncheckedIOException e) {
      throw new IOException(file + ": not UTF-8 text", e);
    }
  }

  /** The files and the contents of the folders that were given. */
  private List<Path> images() throws IOException {
    List<Path> images = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        images.add(path);
        continue;
      }
      try (Stream<Path> listed = Files.list(path)) {
        List<Path> files =
            listed
                .filter(f -> Files.isRegularFile(f) && !f.getFileName().toString().startsWith("."))
                .sorted()
                .toList();
        if (files.isEmpty()) {
          throw new IOException(path + ": the folder contains no files");
        }
        images.addAll(files);
      }
    }
    return images;
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private PrintWriter err() {
    return command.commandLine().getErr();
  }
}
