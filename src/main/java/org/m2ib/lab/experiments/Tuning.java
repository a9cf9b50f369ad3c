package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Paired;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Faithfulness;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.Similarities;

/**
 * Finds the layer, beta and number of steps with the best maps on a site's own cases. With ground
 * truth, it uses the pixel AUC; without, the model's own judgement: the area under the insertion
 * curve minus that under the deletion curve. First layer with beta, then steps with the best of
 * these. A setting is chosen only if it is significantly better.
 */
public final class Tuning {
  /** Name of the figure without ground truth. */
  public static final String FAITHFUL = "insertion less deletion";

  private static final List<Double> BETAS = List.of(0.01, 0.1, 1.0, 10.0);
  private static final List<Integer> STEPS = List.of(5, 10, 20);

  private final ClipModel model;
  private final M2ibSettings now;
  private final Dataset data;
  private final String figure;
  private final Similarities similarities;
  private final Pictures pictures;

  /**
   * @param cases number of cases in both rounds
   * @param layers layer with beta, compared with the present settings
   * @param steps steps with the best of these, compared with that best
   * @param chosen the present settings if nothing is significantly better
   * @param before the figure with the present settings
   * @param after the figure with the chosen ones
   */
  public record Outcome(
      int cases,
      Comparison layers,
      Comparison steps,
      M2ibSettings chosen,
      Interval before,
      Interval after,
      List<String> failures) {}

  private record Conditions(
      String data, String model, List<M2ibSettings> settings, int pictures, String figure) {}

  private record Round(Comparison comparison, M2ibSettings best, List<String> failures) {}

  /**
   * @param now the present settings
   * @param maxPictures maximum number of images
   */
  public Tuning(ClipModel model, M2ibSettings now, Dataset data, int maxPictures) {
    this.model = model;
    this.now = now.clampedTo(model.image(), model.text());
    this.data = data;
    this.figure = data.example(0).region() == null ? FAITHFUL : Localisation.AUC;
    this.similarities = new Similarities(model);
    this.pictures = new Pictures(data, model.preprocessor(), maxPictures);
  }

  /** The deciding figure. */
  public String figure() {
    return figure;
  }

  /** Number of images in each of the two rounds. */
  public int size() {
    return pictures.size();
  }

  /**
   * @param folder for the results; an interrupted run can be resumed
   * @param seed of the bootstrap
   * @throws IOException if the folder cannot be written, or no case can be evaluated
   */
  public Outcome run(Path folder, int workers, long seed, ProgressListener listener)
      throws IOException {
    int last = M2ibSettings.lastLayer(model.image(), model.text());
    Round layers =
        round(
            folder.resolve("tune-layers.jsonl"),
            now,
            IntStream.rangeClosed(last / 2, last)
                .boxed()
                .flatMap(l -> BETAS.stream().map(beta -> now.with(l, beta, now.steps()))),
            workers,
            seed,
            listener);
    M2ibSettings tuned = layers.best();
    Round steps =
        round(
            folder.resolve("tune-steps.jsonl"),
            tuned,
            STEPS.stream().map(n -> tuned.with(tuned.layer(), tuned.beta(), n)),
            workers,
            seed,
            listener);
    List<String> failures = new ArrayList<>(layers.failures());
    failures.addAll(steps.failures());
    return new Outcome(
        layers.comparison().rows().get(0).examples(),
        layers.comparison().overall(),
        steps.comparison().overall(),
        steps.best(),
        value(layers, now),
        value(steps, steps.best()),
        failures.stream().distinct().toList());
  }

  private Interval value(Round round, M2ibSettings settings) {
    return round.comparison().overall().rows().stream()
        .filter(row -> row.method().equals(name(settings)))
        .findFirst()
        .orElseThrow()
        .figures()
        .get(figure);
  }

  private Round round(
      Path file,
      M2ibSettings reference,
      Stream<M2ibSettings> others,
      int workers,
      long seed,
      ProgressListener listener)
      throws IOException {
    List<M2ibSettings> all = Stream.concat(Stream.of(reference), others).distinct().toList();
    Conditions conditions =
        new Conditions(data.identity(), model.card().hash(), all, pictures.size(), figure);
    List<Attributor> attributors = all.stream().map(s -> Methods.m2ib(model, s)).toList();
    try (ResultsFile<ScoredAnswers> results =
        new ResultsFile<>(file, conditions, ScoredAnswers.class)) {
      List<ScoredAnswers> answers =
          new Trials<>(
                  results,
                  ScoredAnswers::number,
                  n -> pictures.ask(n, (int) n, (e, p, i) -> ask(attributors, e, p, i)))
              .run(0, pictures.size(), workers, listener);
      List<Scored> scored = answers.stream().flatMap(a -> a.scored().stream()).toList();
      List<String> failures = answers.stream().flatMap(a -> a.failures().stream()).toList();
      if (scored.isEmpty()) {
        throw new IOException(
            "no case could be asked%s"
                .formatted(failures.isEmpty() ? "" : "; the first: " + failures.get(0)));
      }
      Comparison comparison = Comparison.of(scored, name(reference), seed);
      return new Round(comparison, best(comparison, figure, reference, all), failures);
    } finally {
      attributors.forEach(Attributor::close);
    }
  }

  /** The variant that is significantly and most better than the reference; else the reference. */
  static M2ibSettings best(
      Comparison comparison, String figure, M2ibSettings reference, List<M2ibSettings> all) {
    return comparison.overall().rows().stream()
        .filter(row -> row.against().containsKey(figure))
        .filter(row -> row.against().get(figure).adjusted() < Paired.SIGNIFICANT)
        .filter(row -> row.against().get(figure).difference().value() > 0)
        .max(Comparator.comparingDouble(row -> row.figures().get(figure).value()))
        .flatMap(row -> all.stream().filter(s -> name(s).equals(row.method())).findFirst())
        .orElse(reference);
  }

  private List<Scored> ask(
      List<Attributor> attributors, Example example, DisplayImage picture, ModelInput input)
      throws IOException {
    Faithfulness faithfulness =
        new Faithfulness(model.image().imageSize(), similarities, input, example.sentence());
    boolean[] mask =
        example.region() == null ? null : example.region().mask(picture.rows(), picture.columns());
    List<Scored> scored = new ArrayList<>();
    for (Attributor attributor : attributors) {
      double[][] map;
      try (PreparedImage prepared = attributor.prepare(input)) {
        map = prepared.map(example.sentence());
      }
      Map<String, Double> figures = faithfulness.of(map);
      figures.keySet().removeIf(name -> name.contains(" of ")); // points of a curve
      figures.put(
          FAITHFUL, figures.get(Faithfulness.INSERTION) - figures.get(Faithfulness.DELETION));
      if (mask != null) {
        figures.putAll(Localisation.of(map, mask, input.geometry()).figures());
      }
      scored.add(
          new Scored(
              example.id(),
              example.image(),
              example.category(),
              name(attributor.settings()),
              figures));
    }
    return scored;
  }

  static String name(M2ibSettings s) {
    return "layer %d, beta %s, %d steps".formatted(s.layer(), s.beta(), s.steps());
  }
}
