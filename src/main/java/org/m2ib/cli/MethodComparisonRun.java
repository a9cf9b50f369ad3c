package org.m2ib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.cli.options.Machine;
import org.m2ib.cli.options.ModelOption;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Collages;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.experiments.MethodComparison;
import org.m2ib.lab.experiments.ProgressListener;
import org.m2ib.lab.experiments.Sanity;
import org.m2ib.lab.experiments.Tiles;
import org.m2ib.lab.report.CurvePlot;
import org.m2ib.lab.report.ExampleChoice;
import org.m2ib.lab.report.ExamplePage;
import org.m2ib.lab.report.GeneratedPart;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.MethodSheet;
import org.m2ib.lab.report.Tables;
import org.m2ib.metrics.Localisation;

/**
 * Compares several methods on one data set and writes tables and pictures.
 *
 * @param command the command line that repeats the run
 * @param load loads the model again with modified weights
 * @param methods each is compared with the first
 * @param maxPictures maximum number of images
 * @param sanity number of images for the sanity tables, 0 for none
 * @param out folder for methods.jsonl, methods.md and, with a table for each category, methods.json
 *     and methods.csv (collages.md and so on for collages); the same for sanity; the curves,
 *     examples.html, and a sheet of maps
 * @param seed of the bootstrap
 */
record MethodComparisonRun(
    String command,
    ClipModel model,
    Function<UnaryOperator<TensorSource>, ClipModel> load,
    M2ibSettings settings,
    Dataset data,
    List<String> methods,
    int maxPictures,
    int sanity,
    Path out,
    int workers,
    long seed) {

  private static final String DELETION = "deletion.png";
  private static final String INSERTION = "insertion.png";
  private static final int PAGE_EXAMPLES = 12;
  private static final int SHEET_EXAMPLES = 8;

  /** The same, with another output folder. */
  MethodComparisonRun in(Path folder) {
    return new MethodComparisonRun(
        command, model, load, settings, data, methods, maxPictures, sanity, folder, workers, seed);
  }

  /**
   * @param listeners creates a progress listener for a unit
   * @param err receives messages about examples that could not be used
   * @return the tables, Markdown
   * @throws IOException if nothing could be evaluated, or the folder cannot be written
   */
  String run(Function<String, ProgressListener> listeners, PrintWriter err) throws IOException {
    data.problems().forEach(problem -> err.println("m2ib: " + problem));
    data.leftOut().forEach((reason, n) -> err.println("m2ib: left out, " + reason + ": " + n));
    try (MethodComparison comparison =
        new MethodComparison(model, settings, data, methods, maxPictures)) {
      MethodComparison.Outcome outcome =
          comparison.run(out, workers, seed, listeners.apply("pictures"));
      printFailures(outcome, err);
      if (outcome.comparison() == null) {
        throw new IOException(
            "no example of " + data.name() + " could be evaluated; see the messages above");
      }
      if (tiled()) {
        outcome = Tiles.in(outcome, data, methods.get(0), seed);
      }
      write(part(), outcome);
      draw(outcome);
      String text =
          head(outcome) + tables(outcome) + (sanity == 0 ? "" : sanity(outcome, listeners, err));
      Files.writeString(out.resolve(part() + ".md"), text);
      return text;
    }
  }

  /** Writes the tables into a document, and its pictures into a folder next to it. */
  void document(Path document, String text) throws IOException {
    GeneratedPart.write(document, part(), linked(document, text, ""));
  }

  /**
   * Copies the pictures into a folder next to a document.
   *
   * @param prefix of their names there
   * @return the text with links to them
   */
  String linked(Path document, String text, String prefix) throws IOException {
    Path folder = document.resolveSibling("pictures");
    Files.createDirectories(folder);
    for (String picture : pictures()) {
      Files.copy(
          out.resolve(picture),
          folder.resolve(prefix + picture),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return linked(text, "pictures/" + prefix);
  }

  /** The text with its pictures below another path. */
  String linked(String text, String place) {
    String linked = text;
    for (String picture : pictures()) {
      linked = linked.replace("](" + picture + ")", "](" + place + picture + ")");
    }
    return linked;
  }

  private List<String> pictures() {
    return tiled() ? List.of(sheet()) : List.of(sheet(), DELETION, INSERTION);
  }

  /** Every picture has several examples, each in a tile of its own. */
  private boolean tiled() {
    return data instanceof Collages;
  }

  /** Of the document, and of the names of files. */
  private String part() {
    return tiled() ? "collages" : "methods";
  }

  private String sheet() {
    return part() + ".png";
  }

  private String head(MethodComparison.Outcome outcome) {
    return """
        `%s`, %s.
        %s: %d pictures; %d examples could not be asked. %s. Layer %d, beta %s, %d steps, \
        %d samples, noise `%s`.

        """
        .formatted(
            command,
            Machine.today(),
            data.name(),
            outcome.pictures(),
            outcome.failures().size(),
            ModelOption.cited(model.card()),
            settings.clampedTo(model.image(), model.text()).layer(),
            settings.beta(),
            settings.steps(),
            settings.samples(),
            settings.seed());
  }

  private String tables(MethodComparison.Outcome outcome) {
    if (tiled()) {
      List<String> figures = new ArrayList<>(List.of(Tiles.RIGHT, Tiles.ANOTHER, Localisation.AUC));
      figures.addAll(MethodComparison.WHY);
      return """
          %s
          All four examples of the first two collages, chosen by nothing else:

          ![Maps of all methods over the first examples](%s)
          """
          .formatted(Markdown.of(outcome.comparison().overall(), figures), sheet());
    }
    return """
        Where:

        %s
        As other publications measure where, see docs/evaluation-data.md:

        %s
        The same, means over findings:

        %s
        Faithfulness, and seconds and billions of operations for one map:

        %s
        ![Similarity while patches are taken away, the best first, mean over the examples](%s)

        ![Similarity while patches are put in, the best first, mean over the examples](%s)

        The first example of each finding, up to eight, chosen by nothing else, with the outline of the truth:

        ![Maps of all methods over the first examples](%s)
        """
        .formatted(
            Markdown.of(outcome.comparison().overall(), MethodComparison.WHERE),
            Markdown.of(outcome.comparison().overall(), Localisation.PROTOCOLS),
            Markdown.meansOverCategories(outcome.comparison(), Localisation.PROTOCOLS),
            Markdown.of(outcome.comparison().overall(), MethodComparison.WHY),
            DELETION,
            INSERTION,
            sheet());
  }

  private String sanity(
      MethodComparison.Outcome comparison,
      Function<String, ProgressListener> listeners,
      PrintWriter err)
      throws IOException {
    Sanity checks = new Sanity(model, load, settings, data, methods, sanity);
    MethodComparison.Outcome outcome = checks.run(comparison, out, workers, seed, listeners);
    printFailures(outcome, err);
    if (outcome.comparison() == null) {
      throw new IOException(
          "none of the first "
              + sanity
              + " images could be evaluated; see the messages above, or raise --sanity");
    }
    write("sanity", outcome);
    return """

        Sanity, on the first %d pictures: Spearman's rank correlation with the map that the tables above speak of.

        The model's top made random; low is right:

        %s
        Another sentence, where low is right; other noise and a picture that is hardly changed, where high is right:

        %s"""
        .formatted(
            outcome.pictures(),
            Markdown.of(outcome.comparison().overall(), checks.depths()),
            Markdown.of(outcome.comparison().overall(), Sanity.MAPS));
  }

  static void printFailures(MethodComparison.Outcome outcome, PrintWriter err) {
    outcome.failures().forEach(failure -> err.println("m2ib: not evaluated: " + failure));
  }

  private void write(String name, MethodComparison.Outcome outcome) throws IOException {
    Tables.writeJson(out.resolve(name + ".json"), about(outcome), outcome.comparison());
    Tables.writeCsv(out.resolve(name + ".csv"), outcome.comparison());
  }

  private void draw(MethodComparison.Outcome outcome) throws IOException {
    String by = "share of patches, by the map";
    CurvePlot.write(
        out.resolve(DELETION), "Deletion", by, "similarity with the rest", outcome.deletion());
    CurvePlot.write(
        out.resolve(INSERTION), "Insertion", by, "similarity with them", outcome.insertion());
    List<ExamplePage.Example> examples =
        ExampleChoice.of(outcome, data, model.preprocessor(), PAGE_EXAMPLES);
    String about =
        "%s. Model %s version %s"
            .formatted(data.name(), model.card().name(), model.card().version());
    ExamplePage.write(out.resolve("examples.html"), "Maps of the first examples", about, examples);
    MethodSheet.write(
        out.resolve(sheet()),
        about,
        examples.subList(0, Math.min(SHEET_EXAMPLES, examples.size())));
  }

  private Map<String, Object> about(MethodComparison.Outcome outcome) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("data", data.name());
    about.put("pictures", outcome.pictures());
    about.put("failures", outcome.failures());
    about.put("model", model.card());
    about.put("settings", settings);
    about.putAll(Machine.about());
    return about;
  }
}
