package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.metrics.Smoothing;

/**
 * Compares the maps of a data set's examples under several settings with those of the first.
 * Thread-safe; the model is not closed here.
 */
public final class Sweep implements AutoCloseable {
  /** Name of the figure: Spearman's correlation of a map with that of the first settings. */
  public static final String SAME_MAP = "rank correlation of maps";

  /** Name of the figure: the same for the scores of a sentence's words. */
  public static final String SAME_WORDS = "rank correlation of words";

  /** Name of the figure: steps of the image side. */
  public static final String STEPS = "steps taken";

  /** Name of the figure: operations of the image side's loop, relative to the first settings. */
  public static final String ARITHMETIC = "share of the arithmetic";

  /** Samples of the cheaper variants of the kinds of noise. */
  private static final int FEW = 6;

  /** Appended to the seed for other noise. */
  private static final String OTHER = "/other";

  private static final List<Double> BETAS = List.of(0.01, 0.1, 0.3, 1.0, 3.0, 10.0);
  private static final List<Double> FEW_BETAS = List.of(0.1, 1.0, 10.0);

  private final ClipModel model;
  private final Map<Variant, Attributor> variants = new LinkedHashMap<>();
  private final Dataset data;
  private final Pictures pictures;

  /**
   * One setting to compare.
   *
   * @param name of its difference from the first
   * @param smoothed whether {@link Smoothing} follows the method
   * @param comparedWith name of an earlier variant whose maps it is correlated with; null for the
   *     first
   */
  record Variant(
      String name, String method, M2ibSettings settings, boolean smoothed, String comparedWith) {
    Variant(String name, String method, M2ibSettings settings) {
      this(name, method, settings, false);
    }

    Variant(String name, String method, M2ibSettings settings, boolean smoothed) {
      this(name, method, settings, smoothed, null);
    }

    Variant called(String newName) {
      return new Variant(newName, method, settings, smoothed, comparedWith);
    }

    double[][] map(Attribution attribution) {
      return smoothed ? Smoothing.of(attribution.map()) : attribution.map();
    }
  }

  /**
   * @param data its identity
   * @param model SHA-256 of its files
   */
  record Conditions(String data, String model, List<Variant> variants) {}

  /**
   * @param variants the others are compared with the first
   * @param maxPictures maximum number of images
   * @throws IllegalArgumentException for a data set without ground truth
   */
  Sweep(ClipModel model, List<Variant> variants, Dataset data, int maxPictures) {
    this.model = model;
    this.data = Pictures.withTruth(data);
    this.pictures = new Pictures(data, model.preprocessor(), maxPictures);
    for (Variant v : variants) {
      this.variants.put(v, attributor(v));
    }
  }

  private Attributor attributor(Variant v) {
    return switch (v.method()) {
      case AlternativeBottleneck.PATCHES,
          AlternativeBottleneck.NORMALISED,
          AlternativeBottleneck.LENGTH ->
          new Attributor(
              model, AlternativeBottleneck.factory(v.method()), v.settings(), Attributor.MEMORY);
      default -> Methods.attributor(model, v.method(), v.settings());
    };
  }

  /**
   * Layer with beta, then one factor at a time; then other methods, including NIB with other layers
   * and steps.
   */
  static List<Variant> factors(ClipModel model, M2ibSettings s) {
    int layers = M2ibSettings.lastLayer(model.image(), model.text()) + 1;
    Stream<Variant> layersAndBetas =
        IntStream.range(0, layers)
            .boxed()
            .flatMap(
                layer ->
                    BETAS.stream()
                        .map(
                            beta ->
                                m2ib(
                                    "layer %d, beta %s".formatted(layer, beta),
                                    s.with(layer, beta, s.steps()))));
    Stream<Variant> steps =
        IntStream.of(5, 20, 50).mapToObj(n -> m2ib(n + " steps", with(s, n, s.samples(), 0)));
    Stream<Variant> samples =
        IntStream.of(1, 5, 20).mapToObj(n -> m2ib(n + " samples", with(s, s.steps(), n, 0)));
    Stream<Variant> rates =
        DoubleStream.of(0.3, 3).mapToObj(rate -> m2ib("learning rate " + rate, with(s, rate)));
    Stream<Variant> classTokenKept =
        Stream.of(new Variant("class token kept", AlternativeBottleneck.PATCHES, s));
    Stream<Variant> normalised =
        IntStream.range(0, layers)
            .boxed()
            .flatMap(
                layer ->
                    FEW_BETAS.stream()
                        .map(
                            beta ->
                                new Variant(
                                    "normalised, layer %d, beta %s".formatted(layer, beta),
                                    AlternativeBottleneck.NORMALISED,
                                    s.with(layer, beta, s.steps()))));
    Stream<Variant> nib =
        IntStream.range(0, layers)
            .boxed()
            .flatMap(
                layer ->
                    IntStream.of(10, 50)
                        .mapToObj(
                            n ->
                                new Variant(
                                    "nib, layer %d, %d steps".formatted(layer - 1, n),
                                    "nib",
                                    with(s.with(layer, s.beta(), n), n, s.samples(), 0))));
    Stream<Variant> otherMethods =
        Stream.of("grad-eclip", "chefer", "rise").map(name -> new Variant(name, name, s));
    Stream<Variant> smoothed =
        Stream.of(MethodCard.M2IB, "nib", "grad-eclip", "chefer")
            .map(name -> new Variant(name + ", smoothed", name, s, true));
    Stream<Variant> length =
        Stream.of(new Variant(AlternativeBottleneck.LENGTH, AlternativeBottleneck.LENGTH, s));
    return startingWith(
        s,
        layersAndBetas,
        steps,
        samples,
        rates,
        classTokenKept,
        normalised,
        nib,
        otherMethods,
        smoothed,
        length);
  }

  /** Other noise, which costs the same, then settings cheaper than all steps and samples. */
  static List<Variant> savings(M2ibSettings s) {
    Stream<Variant> noise = Stream.of(m2ib("other noise", s.withSeed(s.seed() + OTHER)));
    Stream<Variant> tolerances =
        DoubleStream.of(0.001, 0.003, 0.01, 0.03, 0.1)
            .mapToObj(t -> m2ib("tolerance " + t, with(s, s.steps(), s.samples(), t)));
    Stream<Variant> samples =
        IntStream.of(5, 3, 1).mapToObj(n -> m2ib(n + " samples", with(s, s.steps(), n, 0)));
    Stream<Variant> steps =
        IntStream.of(7, 5).mapToObj(n -> m2ib(n + " steps", with(s, n, s.samples(), 0)));
    Stream<Variant> stepsAndSamples =
        IntStream.of(5, 3).mapToObj(n -> m2ib("7 steps, " + n + " samples", with(s, 7, n, 0)));
    return startingWith(s, noise, tolerances, samples, steps, stepsAndSamples);
  }

  /** bfloat16 with the same noise, and float32 with other noise as the yardstick. */
  static List<Variant> precisions(M2ibSettings s) {
    M2ibSettings exact = s.with(Precision.FLOAT32);
    return startingWith(
        exact,
        Stream.of(
            m2ib("bfloat16", exact.with(Precision.BFLOAT16)),
            m2ib("other noise", exact.withSeed(s.seed() + OTHER))));
  }

  /** Each kind of noise and number of samples, with two seeds that are compared with each other. */
  static List<Variant> noises(M2ibSettings s) {
    M2ibSettings plain = s.with(NoiseKind.INDEPENDENT);
    Stream<Variant> kinds =
        Stream.of(NoiseKind.ANTITHETIC, NoiseKind.COMMON)
            .flatMap(kind -> twoSeeds(kind.toString(), s.with(kind)));
    Stream<Variant> fewer =
        Stream.of(NoiseKind.INDEPENDENT, NoiseKind.ANTITHETIC)
            .map(kind -> s.with(kind).withSteps(s.steps(), FEW, s.tolerance()))
            .flatMap(few -> twoSeeds(few.samples() + " samples, " + few.noise(), few));
    return startingWith(
        plain, Stream.of(m2ib("other noise", plain.withSeed(s.seed() + OTHER))), kinds, fewer);
  }

  private static Stream<Variant> twoSeeds(String name, M2ibSettings s) {
    Variant first = m2ib(name, s);
    Variant second = m2ib(name + ", other noise", s.withSeed(s.seed() + OTHER));
    return Stream.of(
        first, new Variant(second.name(), second.method(), second.settings(), false, name));
  }

  /** The current settings come first, without duplicates. */
  @SafeVarargs
  private static List<Variant> startingWith(M2ibSettings s, Stream<Variant>... others) {
    Variant first = m2ib(MethodCard.M2IB, s);
    return Stream.concat(
            Stream.of(first),
            Stream.of(others)
                .flatMap(some -> some)
                .filter(v -> !v.called(first.name()).equals(first)))
        .toList();
  }

  private static Variant m2ib(String name, M2ibSettings settings) {
    return new Variant(name, MethodCard.M2IB, settings);
  }

  private static M2ibSettings with(M2ibSettings s, int steps, int samples, double tolerance) {
    return s.withSteps(steps, samples, tolerance);
  }

  private static M2ibSettings with(M2ibSettings s, double learningRate) {
    return s.withLearningRate(learningRate);
  }

  /**
   * @param folder for the results; an interrupted run can be resumed
   * @param name of the results' file there
   * @param seed of the bootstrap
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  MethodComparison.Outcome run(
      Path folder, String name, int workers, long seed, ProgressListener listener)
      throws IOException {
    List<Variant> compared = List.copyOf(variants.keySet());
    Conditions conditions = new Conditions(data.identity(), model.card().hash(), compared);
    try (ResultsFile<ScoredAnswers> file =
        new ResultsFile<>(folder.resolve(name), conditions, ScoredAnswers.class)) {
      List<ScoredAnswers> all =
          new Trials<>(file, ScoredAnswers::number, n -> pictures.ask(n, (int) n, this::ask))
              .run(0, pictures.size(), workers, listener);
      List<Scored> scored = all.stream().flatMap(a -> a.scored().stream()).toList();
      return MethodComparison.Outcome.of(
          all, scored, pictures.size(), compared.get(0).name(), seed);
    }
  }

  List<Scored> ask(Example example, DisplayImage picture, ModelInput input) throws IOException {
    boolean[] mask = example.region().mask(picture.rows(), picture.columns());
    List<Scored> scored = new ArrayList<>();
    Attribution first = null;
    Map<String, Attribution> attributions = new HashMap<>();
    Map<String, double[][]> maps = new HashMap<>();
    for (Map.Entry<Variant, Attributor> variant : variants.entrySet()) {
      Attribution attribution = variant.getValue().attribute(input, example.sentence());
      double[][] map = variant.getKey().map(attribution);
      first = first == null ? attribution : first;
      maps.put(variant.getKey().name(), map);
      attributions.put(variant.getKey().name(), attribution);
      String reference = variant.getKey().comparedWith();
      reference = reference == null ? variants.keySet().iterator().next().name() : reference;
      Map<String, Double> figures = Localisation.of(map, mask, input.geometry()).figures();
      figures.put(SAME_MAP, RankCorrelation.spearman(map, maps.get(reference)));
      compare(figures, attribution, attributions.get(reference), first);
      scored.add(
          new Scored(
              example.id(), example.image(), example.category(), variant.getKey().name(), figures));
    }
    return scored;
  }

  /** Figures that only the bottleneck, or only methods with words, have are missing elsewhere. */
  private void compare(
      Map<String, Double> figures,
      Attribution attribution,
      Attribution reference,
      Attribution first) {
    if (!attribution.tokens().isEmpty()) {
      figures.put(SAME_WORDS, RankCorrelation.spearman(words(attribution), words(reference)));
    }
    if (!attribution.imageLoss().isEmpty()) {
      figures.put(STEPS, (double) attribution.imageLoss().size());
      figures.put(ARITHMETIC, operations(attribution) / operations(first));
    }
  }

  private static double[] words(Attribution attribution) {
    return attribution.tokens().stream().mapToDouble(TokenScore::bits).toArray();
  }

  /** For the actual number of steps. */
  private double operations(Attribution attribution) {
    M2ibSettings s = attribution.settings();
    M2ibSettings used = with(s, attribution.imageLoss().size(), s.samples(), s.tolerance());
    return InformationBottleneck.flops(used, model.image().suffixFlops(s.layer()));
  }

  @Override
  public void close() {
    variants.values().forEach(Attributor::close);
  }
}
