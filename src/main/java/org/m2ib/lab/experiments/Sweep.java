package org.m2ib.lab.experiments;

import java.util.ArrayList;
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
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.metrics.Smoothing;

/**
 * Compares the maps of a phantom's findings under several settings with those of the first.
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

  private static final List<Double> BETAS = List.of(0.01, 0.1, 0.3, 1.0, 3.0, 10.0);
  private static final List<Double> FEW_BETAS = List.of(0.1, 1.0, 10.0);

  private final ClipModel model;
  private final Map<Variant, Attributor> variants = new LinkedHashMap<>();
  private final PhantomGenerator generator = new PhantomGenerator();

  /**
   * One setting to compare.
   *
   * @param name of its difference from the first
   * @param smoothed whether {@link Smoothing} follows the method
   */
  record Variant(String name, String method, M2ibSettings settings, boolean smoothed) {
    Variant(String name, String method, M2ibSettings settings) {
      this(name, method, settings, false);
    }

    Variant called(String newName) {
      return new Variant(newName, method, settings, smoothed);
    }

    double[][] map(Attribution attribution) {
      return smoothed ? Smoothing.of(attribution.map()) : attribution.map();
    }
  }

  /** The results of one phantom. */
  record Result(long seed, List<Scored> scored) {}

  Sweep(ClipModel model, List<Variant> variants) {
    this.model = model;
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
    Stream<Variant> noise = Stream.of(m2ib("other noise", s.withSeed(s.seed() + "/other")));
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

  Result of(long seed) {
    Phantom phantom = generator.make(seed);
    ModelInput input = PhantomEvaluation.input(model, phantom);
    List<Question> questions = Question.of(phantom);
    List<String> sentences = questions.stream().map(q -> q.sentence().text()).toList();
    List<Scored> scored = new ArrayList<>();
    List<Attribution> first = null;
    for (Map.Entry<Variant, Attributor> variant : variants.entrySet()) {
      List<Attribution> attributions;
      try (PreparedImage prepared = variant.getValue().prepare(input)) {
        attributions = prepared.attribute(sentences);
      }
      first = first == null ? attributions : first;
      for (int i = 0; i < attributions.size(); i++) {
        Phantom.Located located = questions.get(i).located();
        double[][] map = variant.getKey().map(attributions.get(i));
        Map<String, Double> figures =
            Localisation.of(map, located.mask(), input.geometry()).figures();
        figures.put(SAME_MAP, RankCorrelation.spearman(map, first.get(i).map()));
        compare(figures, attributions.get(i), first.get(i));
        scored.add(
            new Scored(
                seed + "/" + (i + 1),
                String.valueOf(seed),
                located.finding().type().names().get(0),
                variant.getKey().name(),
                figures));
      }
    }
    return new Result(seed, scored);
  }

  /** Figures that only the bottleneck, or only methods with words, have are missing elsewhere. */
  private void compare(Map<String, Double> figures, Attribution attribution, Attribution first) {
    if (!attribution.tokens().isEmpty()) {
      figures.put(SAME_WORDS, RankCorrelation.spearman(words(attribution), words(first)));
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
