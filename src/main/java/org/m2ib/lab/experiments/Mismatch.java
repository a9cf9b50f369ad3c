package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.audit.Auditor;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Bootstrap;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.LogisticRegression;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Auc;
import org.m2ib.metrics.MapStatistics;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.report.Language;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;

/**
 * How well a method's map, beside the similarity, tells a sentence that is true of its picture from
 * one that is not: the area under the ROC curve of a logistic regression, cross-validated by
 * picture.
 */
public final class Mismatch implements AutoCloseable {
  /** Area of the similarity as it is; the same for all methods. */
  public static final String SIMILARITY = "similarity";

  /** Area of the map's figures. */
  public static final String MAP = "map";

  /** Area of the similarity with the map's figures. */
  public static final String BOTH = "similarity and map";

  /** The difference of the two areas. */
  public static final String GAIN = "gain by the map";

  /** Area of the similarity with that of the best alternative, which an audit asks for. */
  public static final String MARGIN = "similarity and alternatives";

  /** Area of all together. */
  public static final String ALL = "all three";

  /** In the order of the table. */
  public static final List<String> AREAS = List.of(SIMILARITY, MAP, BOTH, GAIN, MARGIN, ALL);

  /** Contrary or other side, the better of them. */
  private static final String ALTERNATIVE = "alternative";

  private static final List<String> OF_MAP = List.of("mean", "peak", "entropy", "agreement");

  /** For the audit's alternatives, which depend on no method. */
  private static final String CHEAPEST = "centre";

  private static final int FOLDS = 5;

  private final ClipModel model;
  private final M2ibSettings settings;
  private final Pairs pairs;
  private final List<String> names;
  private final ComparedMethods methods;
  private final Pictures pictures;
  private final Attributor asked;
  private final Auditor auditor;

  /**
   * @param data its identity
   * @param model SHA-256 of its files
   */
  record Conditions(String data, String model, M2ibSettings settings, List<String> methods) {}

  public Mismatch(ClipModel model, M2ibSettings settings, Pairs pairs, List<String> names) {
    this.model = model;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.pairs = pairs;
    this.names = List.copyOf(names);
    this.pictures = new Pictures(pairs, model.preprocessor(), Integer.MAX_VALUE);
    this.methods = new ComparedMethods(model, names, this.settings);
    this.asked = Methods.attributor(model, CHEAPEST, this.settings);
    this.auditor = new Auditor(new Auditor.Settings(0, false, 1), asked);
  }

  /**
   * @param folder for the results
   * @param seed of folds and bootstrap, whose clusters are the pictures
   * @return areas by method; a category is a way of being false, against all that is true
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  public Comparison run(Path folder, int workers, long seed, ProgressListener listener)
      throws IOException {
    Conditions conditions = new Conditions(pairs.identity(), model.card().hash(), settings, names);
    try (ResultsFile<ScoredAnswers> file =
        new ResultsFile<>(folder.resolve("pairs.jsonl"), conditions, ScoredAnswers.class)) {
      List<Scored> scored =
          new Trials<>(file, ScoredAnswers::number, n -> pictures.ask(n, (int) n, this::ask))
              .run(0, pictures.size(), workers, listener).stream()
                  .flatMap(answers -> answers.scored().stream())
                  .toList();
      return areas(scored, seed);
    }
  }

  private List<Scored> ask(Example example, DisplayImage picture, ModelInput input) {
    String sentence = example.sentence();
    List<Audit.Alternative> alternatives = alternatives(sentence, picture, input);
    List<Scored> scored = new ArrayList<>();
    for (String name : names) {
      Map<String, Double> figures = new LinkedHashMap<>();
      try (PreparedImage prepared = methods.prepare(name, input)) {
        List<String> sentences = new ArrayList<>(List.of(sentence));
        alternatives.stream().limit(1).forEach(first -> sentences.add(first.text()));
        List<double[][]> maps = prepared.maps(sentences);
        double[] values = Arrays.stream(maps.get(0)).flatMapToDouble(Arrays::stream).toArray();
        figures.put(SIMILARITY, prepared.similarity(sentence));
        figures.put("mean", Arrays.stream(values).average().orElseThrow());
        figures.put("peak", Arrays.stream(values).max().orElseThrow());
        figures.put("entropy", MapStatistics.entropy(maps.get(0)));
        if (!alternatives.isEmpty()) {
          double agreement = RankCorrelation.spearman(maps.get(0), maps.get(1));
          figures.put("agreement", Double.isNaN(agreement) ? 1 : agreement); // both flat
          figures.put(
              ALTERNATIVE,
              alternatives.stream().mapToDouble(Audit.Alternative::similarity).max().orElseThrow());
        }
      }
      scored.add(new Scored(example.id(), example.image(), example.category(), name, figures));
    }
    return scored;
  }

  /** The contrary and the sentence with its side swapped, as far as there are any. */
  private List<Audit.Alternative> alternatives(
      String sentence, DisplayImage picture, ModelInput input) {
    try (PreparedImage prepared = asked.prepare(input);
        Auditor.OneImage image = auditor.prepare(picture, input, prepared, Language.ENGLISH)) {
      Attribution map = prepared.attribute(sentence);
      MapLocation place = MapLocation.of(map.scaled(), input.geometry(), null);
      Audit audit = image.of(List.of(sentence), List.of(List.of(map)), List.of(place)).get(0);
      return Stream.of(audit.contrary(), audit.otherSide())
          .filter(alternative -> alternative != null)
          .toList();
    }
  }

  /** All examples first, then each way of being false. */
  static Comparison areas(List<Scored> scored, long seed) {
    List<String> methods = scored.stream().map(Scored::method).distinct().toList();
    List<Comparison.Row> rows = new ArrayList<>();
    Map<String, List<Comparison.Row>> byCategory = new LinkedHashMap<>();
    for (String method : methods) {
      List<Scored> own = scored.stream().filter(s -> s.method().equals(method)).toList();
      Areas areas = new Areas(own, seed);
      rows.add(areas.row(Comparison.ALL));
      own.stream()
          .map(Scored::category)
          .filter(category -> !category.equals(Pairs.TRUE))
          .distinct()
          .sorted()
          .forEach(
              category ->
                  byCategory
                      .computeIfAbsent(category, c -> new ArrayList<>())
                      .add(areas.row(category)));
    }
    byCategory.values().forEach(rows::addAll);
    return new Comparison(methods.get(0), rows);
  }

  /** Of one method. */
  private static final class Areas {
    private final List<Scored> scored;
    private final int[] images;
    private final boolean[] holds;
    private final Bootstrap bootstrap;
    private final Map<String, double[]> scores = new LinkedHashMap<>();

    Areas(List<Scored> scored, long seed) {
      this.scored = scored;
      List<String> names = scored.stream().map(Scored::imageId).distinct().sorted().toList();
      this.images = scored.stream().mapToInt(s -> names.indexOf(s.imageId())).toArray();
      this.bootstrap = new Bootstrap(seed, names.size());
      this.holds = new boolean[scored.size()];
      for (int i = 0; i < holds.length; i++) {
        holds[i] = scored.get(i).category().equals(Pairs.TRUE);
      }
      scores.put(SIMILARITY, scored.stream().mapToDouble(s -> s.figure(SIMILARITY)).toArray());
      scores.put(MAP, fitted(OF_MAP, seed));
      scores.put(BOTH, fitted(with(OF_MAP, SIMILARITY), seed));
      if (known(ALTERNATIVE)) {
        scores.put(MARGIN, fitted(List.of(SIMILARITY, ALTERNATIVE), seed));
        scores.put(ALL, fitted(with(OF_MAP, SIMILARITY, ALTERNATIVE), seed));
      }
    }

    private static List<String> with(List<String> features, String... more) {
      return Stream.concat(features.stream(), Arrays.stream(more)).toList();
    }

    private boolean known(String feature) {
      return scored.stream().allMatch(s -> Double.isFinite(s.figure(feature)));
    }

    private double[] fitted(List<String> features, long seed) {
      List<String> known = features.stream().filter(this::known).toList();
      List<double[]> rows =
          scored.stream().map(s -> known.stream().mapToDouble(s::figure).toArray()).toList();
      List<String> groups = scored.stream().map(Scored::imageId).toList();
      return LogisticRegression.crossValidated(rows, holds, groups, FOLDS, seed);
    }

    /** Of what is true against one way of being false, or all of them. */
    Comparison.Row row(String category) {
      List<Integer> items = new ArrayList<>();
      for (int i = 0; i < holds.length; i++) {
        if (holds[i]
            || category.equals(Comparison.ALL)
            || scored.get(i).category().equals(category)) {
          items.add(i);
        }
      }
      Map<String, Auc> curves = new LinkedHashMap<>();
      scores.forEach((name, all) -> curves.put(name, curve(all, items)));
      Map<String, Interval> figures = new LinkedHashMap<>();
      curves.forEach(
          (name, curve) -> figures.put(name, bootstrap.interval(d -> area(curve, items, d))));
      figures.put(
          GAIN,
          bootstrap.interval(
              draws ->
                  area(curves.get(BOTH), items, draws)
                      - area(curves.get(SIMILARITY), items, draws)));
      return new Comparison.Row(category, scored.get(0).method(), items.size(), figures, Map.of());
    }

    private Auc curve(double[] all, List<Integer> items) {
      float[] values = new float[items.size()];
      boolean[] positive = new boolean[values.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) all[items.get(i)];
        positive[i] = holds[items.get(i)];
      }
      return new Auc(values, positive);
    }

    private double area(Auc curve, List<Integer> items, int[] draws) {
      return curve.value(i -> draws[images[items.get(i)]]);
    }
  }

  @Override
  public void close() {
    auditor.close();
    asked.close();
    methods.close();
  }
}
