package org.m2ib.lab.experiments;

import static org.m2ib.metrics.RankCorrelation.spearman;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Scored;

/**
 * Tests whether a map depends on what it should, and on nothing else, by Spearman's rank
 * correlation of a comparison's maps with those of a model with a randomised top and of another
 * sentence (both should be low; Adebayo et al. 2018, arXiv 1810.03292), of other noise, and of a
 * barely changed image (both should be high). An image's results are one line of a file, so that an
 * interrupted run can be resumed; figures do not depend on the number of workers. A flat map has no
 * correlation.
 */
public final class Sanity {
  private static final String SENTENCE = "another sentence";

  /** A mean over two. */
  private static final String SEED = "another seed";

  /** Names of the figures that do not concern weights. */
  public static final List<String> MAPS =
      Stream.concat(
              Stream.of(SENTENCE, SEED),
              Stream.of(InputPerturbation.values()).map(InputPerturbation::figure))
          .toList();

  /** Seed of the random weights. */
  private static final long WEIGHTS = 1;

  private final ClipModel model;
  private final Function<UnaryOperator<TensorSource>, ClipModel> load;
  private final M2ibSettings settings;
  private final Dataset data;
  private final List<String> names;
  private final Pictures pictures;

  /**
   * @param data its identity
   * @param model SHA-256 of its files
   */
  record Conditions(String data, String model, M2ibSettings settings, List<String> methods) {}

  /** One evaluation of all images. */
  private interface Stages {
    List<ScoredAnswers> run(int number, String what, Pictures.Ask ask) throws IOException;
  }

  /**
   * @param load loads the model again with modified weights; closed here
   * @param names of the methods; the others are compared with the first
   * @param maxPictures maximum number of images
   */
  public Sanity(
      ClipModel model,
      Function<UnaryOperator<TensorSource>, ClipModel> load,
      M2ibSettings settings,
      Dataset data,
      List<String> names,
      int maxPictures) {
    this.model = model;
    this.load = load;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.data = data;
    this.names = List.copyOf(names);
    this.pictures = new Pictures(data, model.preprocessor(), maxPictures);
  }

  /**
   * Names of the figures with random weights, by the number of randomised groups: first the
   * projections and last norms, then one layer more each, finally the embeddings.
   */
  public List<String> depths() {
    return IntStream.rangeClosed(1, deepest()).mapToObj(Sanity::depth).toList();
  }

  private static String depth(int depth) {
    return "top " + depth + " random";
  }

  private int deepest() {
    return 2 + Math.max(model.image().layers(), model.text().layers());
  }

  /**
   * @param comparison of the same model, settings, data and methods
   * @param folder for the results
   * @param seed of the bootstrap
   * @param listeners for a unit
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  public MethodComparison.Outcome run(
      MethodComparison.Outcome comparison,
      Path folder,
      int workers,
      long seed,
      Function<String, ProgressListener> listeners)
      throws IOException {
    Map<List<String>, double[][]> maps = new HashMap<>();
    comparison.scored().forEach(s -> maps.put(key(s), s.map()));
    Conditions conditions = new Conditions(data.identity(), model.card().hash(), settings, names);
    List<ScoredAnswers> all = new ArrayList<>();
    try (ResultsFile<ScoredAnswers> file =
        new ResultsFile<>(folder.resolve("sanity.jsonl"), conditions, ScoredAnswers.class)) {
      Stages stages =
          (number, what, ask) ->
              new Trials<>(file, ScoredAnswers::number, n -> pictures.ask(n, (int) n, ask))
                  .run(
                      (long) number << Integer.SIZE, // disjoint, whatever the number of images
                      pictures.size(),
                      workers,
                      listeners.apply("pictures, " + what));
      all.addAll(changed(maps, stages));
      for (int depth = 1; depth <= deepest(); depth++) {
        all.addAll(random(depth, maps, stages));
      }
    }
    return MethodComparison.Outcome.of(all, merged(all), pictures.size(), names.get(0), seed);
  }

  private List<ScoredAnswers> changed(Map<List<String>, double[][]> maps, Stages stages)
      throws IOException {
    try (ComparedMethods trained = new ComparedMethods(model, names, settings);
        ComparedMethods firstSeed = new ComparedMethods(model, names, settings.withSeed(seed(1)));
        ComparedMethods secondSeed =
            new ComparedMethods(model, names, settings.withSeed(seed(2)))) {
      List<ComparedMethods> seeds = List.of(firstSeed, secondSeed);
      return stages.run(
          0,
          "changed",
          (example, picture, input) -> changed(example, picture, input, maps, trained, seeds));
    }
  }

  private List<ScoredAnswers> random(int depth, Map<List<String>, double[][]> maps, Stages stages)
      throws IOException {
    try (ClipModel other = load.apply(weights -> randomised(weights, depth));
        ComparedMethods random = new ComparedMethods(other, names, settings)) {
      return stages.run(
          depth,
          depth(depth),
          (example, picture, input) ->
              scored(
                  example,
                  maps,
                  (name, map) ->
                      Map.of(
                          depth(depth),
                          spearman(map, random.map(name, input, example.sentence())))));
    }
  }

  private RandomisedWeights randomised(TensorSource weights, int depth) {
    List<Set<String>> groups = model.family().layerGroups(weights.tensors());
    return new RandomisedWeights(weights, groups, depth, WEIGHTS);
  }

  private String seed(int number) {
    return settings.seed() + "/sanity-" + number;
  }

  private List<Scored> changed(
      Example example,
      DisplayImage picture,
      ModelInput input,
      Map<List<String>, double[][]> maps,
      ComparedMethods trained,
      List<ComparedMethods> seeds) {
    String sentence = example.sentence();
    Optional<String> anotherSentence = pictures.otherSentence(example);
    Map<InputPerturbation, ModelInput> changes = new EnumMap<>(InputPerturbation.class);
    for (InputPerturbation change : InputPerturbation.values()) {
      changes.put(change, model.preprocessor().apply(change.of(picture)));
    }
    return scored(
        example,
        maps,
        (name, map) -> {
          Map<String, Double> figures = new LinkedHashMap<>();
          anotherSentence.ifPresent(
              other -> figures.put(SENTENCE, spearman(map, trained.map(name, input, other))));
          figures.put(
              SEED,
              seeds.stream()
                  .mapToDouble(seed -> spearman(map, seed.map(name, input, sentence)))
                  .average()
                  .orElseThrow());
          changes.forEach(
              (change, changed) ->
                  figures.put(
                      change.figure(),
                      spearman(
                          map,
                          change.aligned(trained.map(name, changed, sentence), input.geometry()))));
          return figures;
        });
  }

  /** For each method whose map the comparison has. */
  private List<Scored> scored(
      Example example,
      Map<List<String>, double[][]> maps,
      BiFunction<String, double[][], Map<String, Double>> figures) {
    List<Scored> scored = new ArrayList<>();
    for (String name : names) {
      double[][] map = maps.get(List.of(example.id(), name));
      if (map != null) {
        scored.add(
            new Scored(
                example.id(), example.image(), example.category(), name, figures.apply(name, map)));
      }
    }
    return scored;
  }

  /** Merges all figures of one method's map of one example. */
  private static List<Scored> merged(List<ScoredAnswers> all) {
    Map<List<String>, Scored> merged = new LinkedHashMap<>();
    all.stream()
        .flatMap(answers -> answers.scored().stream())
        .forEach(
            s ->
                merged.merge(
                    key(s),
                    s,
                    (one, more) -> {
                      Map<String, Double> figures = new LinkedHashMap<>(one.figures());
                      figures.putAll(more.figures());
                      return new Scored(
                          s.exampleId(), s.imageId(), s.category(), s.method(), figures);
                    }));
    return List.copyOf(merged.values());
  }

  private static List<String> key(Scored scored) {
    return List.of(scored.exampleId(), scored.method());
  }
}
