package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Faithfulness;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.Similarities;

/**
 * Applies every method to the same images and sentences. An image's results are one line of a file,
 * so that an interrupted run can be resumed; only the seconds depend on the number of workers.
 */
public final class MethodComparison implements AutoCloseable {
  public static final String DROP = Faithfulness.DROP;

  /** Name of the figure: time for one map. */
  public static final String SECONDS = "seconds";

  /** Billions of operations for one map, see {@link PreparedImage#flops}. */
  public static final String GFLOP = "GFLOP";

  /** Localisation figures in the tables. */
  public static final List<String> WHERE =
      List.of(
          Localisation.POINTING,
          Localisation.AUC,
          "average precision",
          "mIoU, best threshold",
          "mIoU, 0.1 to 0.5",
          "CNR");

  /** Faithfulness and cost figures in the tables. */
  public static final List<String> WHY =
      List.of(
          DROP,
          Faithfulness.INCREASE,
          Faithfulness.DELETION,
          Faithfulness.INSERTION,
          SECONDS,
          GFLOP);

  /** Version of the lines of a results file. */
  private static final int FORM = 3;

  private final ClipModel model;
  private final Dataset data;
  private final ComparedMethods entrants;
  private final List<String> names;
  private final M2ibSettings settings;
  private final Similarities similarities;
  private final Pictures pictures;

  /**
   * @param form version of the lines
   * @param data its identity
   * @param model SHA-256 of its files
   */
  record Conditions(
      int form, String data, String model, M2ibSettings settings, List<String> methods) {}

  /**
   * The results of all images.
   *
   * @param comparison null if nothing could be evaluated
   * @param scored its input
   */
  public record Outcome(
      int pictures, Comparison comparison, List<Scored> scored, List<String> failures) {

    static Outcome of(
        List<ScoredAnswers> all, List<Scored> scored, int pictures, String reference, long seed) {
      return new Outcome(
          pictures,
          scored.isEmpty() ? null : Comparison.of(scored, reference, seed),
          scored,
          all.stream().flatMap(a -> a.failures().stream()).toList());
    }

    /** Mean similarity over all examples after equal steps, by method. */
    public Map<String, List<Double>> deletion() {
      return curves(Faithfulness.DELETION);
    }

    /** The same for insertion. */
    public Map<String, List<Double>> insertion() {
      return curves(Faithfulness.INSERTION);
    }

    private Map<String, List<Double>> curves(String name) {
      Map<String, List<Double>> curves = new LinkedHashMap<>();
      for (Comparison.Row row : comparison.overall().rows()) {
        curves.put(
            row.method(),
            Faithfulness.points(name).stream().map(p -> row.figures().get(p).value()).toList());
      }
      return curves;
    }
  }

  /**
   * @param names of the methods; the others are compared with the first
   * @param maxPictures maximum number of images
   * @throws IllegalArgumentException for an unknown method, or a data set without ground truth
   */
  public MethodComparison(
      ClipModel model, M2ibSettings settings, Dataset data, List<String> names, int maxPictures) {
    this.model = model;
    this.data = Pictures.withTruth(data);
    this.names = List.copyOf(names);
    this.settings = settings.clampedTo(model.image(), model.text());
    this.similarities = new Similarities(model);
    this.pictures = new Pictures(data, model.preprocessor(), maxPictures);
    this.entrants = new ComparedMethods(model, names, settings);
  }

  /**
   * @param folder for the results
   * @param seed of the bootstrap
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  public Outcome run(Path folder, int workers, long seed, ProgressListener listener)
      throws IOException {
    Conditions conditions =
        new Conditions(FORM, data.identity(), model.card().hash(), settings, names);
    try (ResultsFile<ScoredAnswers> file =
        new ResultsFile<>(folder.resolve("methods.jsonl"), conditions, ScoredAnswers.class)) {
      List<ScoredAnswers> all =
          new Trials<>(file, ScoredAnswers::number, n -> pictures.ask(n, (int) n, this::ask))
              .run(0, pictures.size(), workers, listener);
      List<Scored> scored = all.stream().flatMap(a -> a.scored().stream()).toList();
      return Outcome.of(all, scored, pictures.size(), names.get(0), seed);
    }
  }

  /** All methods or none, so that they stay comparable. */
  private List<Scored> ask(Example example, DisplayImage picture, ModelInput input)
      throws IOException {
    boolean[] mask = example.region().mask(picture.rows(), picture.columns());
    Faithfulness faithfulness =
        new Faithfulness(model.image().imageSize(), similarities, input, example.sentence());
    List<Scored> scored = new ArrayList<>();
    for (String name : names) {
      long start = System.nanoTime();
      double[][] map;
      double seconds;
      double flops;
      try (PreparedImage prepared = entrants.prepare(name, input)) {
        map = prepared.map(example.sentence());
        seconds = (System.nanoTime() - start) / 1e9;
        flops = prepared.flops(example.sentence());
      }
      var figures = Localisation.of(map, mask, input.geometry()).figures();
      figures.putAll(faithfulness.of(map));
      figures.put(SECONDS, seconds);
      figures.put(GFLOP, flops / 1e9);
      scored.add(new Scored(example.id(), example.image(), example.category(), name, figures, map));
    }
    return scored;
  }

  @Override
  public void close() {
    entrants.close();
  }
}
