package org.m2ib.lab.experiments;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Precision;
import org.m2ib.lab.experiments.Sweep.Variant;

/** What a {@link Sweep} varies, and the figures its table shows. */
public enum SweepKind {
  SWEEP {
    @Override
    List<Variant> variants(ClipModel model, M2ibSettings settings) {
      return factors(model, settings);
    }

    @Override
    public List<String> figures() {
      return Stream.concat(MethodComparison.WHERE.stream(), Stream.of(Sweep.SAME_MAP)).toList();
    }
  },
  SAVINGS {
    @Override
    List<Variant> variants(ClipModel model, M2ibSettings settings) {
      return savings(settings);
    }

    @Override
    public List<String> figures() {
      return same(Sweep.STEPS, Sweep.ARITHMETIC);
    }
  },
  PRECISIONS {
    @Override
    List<Variant> variants(ClipModel model, M2ibSettings settings) {
      return precisions(settings);
    }
  },
  NOISES {
    @Override
    List<Variant> variants(ClipModel model, M2ibSettings settings) {
      return noises(settings);
    }
  };

  /** Samples of the cheaper variants of the kinds of noise. */
  private static final int FEW = 6;

  /** Appended to the seed for other noise. */
  private static final String OTHER = "/other";

  private static final List<Double> BETAS = List.of(0.01, 0.1, 0.3, 1.0, 3.0, 10.0);
  private static final List<Double> FEW_BETAS = List.of(0.1, 1.0, 10.0);

  /** The first variant is what the others are compared with. */
  abstract List<Variant> variants(ClipModel model, M2ibSettings settings);

  /** Names of the figures that its table shows, in order. */
  public List<String> figures() {
    return same(Sweep.ARITHMETIC);
  }

  private static List<String> same(String... costs) {
    return Stream.of(
            Stream.of(Sweep.SAME_MAP, Sweep.SAME_WORDS),
            Stream.of(costs),
            MethodComparison.WHERE.stream().limit(2))
        .flatMap(names -> names)
        .toList();
  }

  /** Its name in commands and files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Layer with beta, then one factor at a time; then other methods, including NIB with other layers
   * and steps.
   */
  private static List<Variant> factors(ClipModel model, M2ibSettings s) {
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
        IntStream.of(5, 20, 50).mapToObj(n -> m2ib(n + " steps", s.withSteps(n, s.samples(), 0)));
    Stream<Variant> samples =
        IntStream.of(1, 5, 20).mapToObj(n -> m2ib(n + " samples", s.withSteps(s.steps(), n, 0)));
    Stream<Variant> rates =
        DoubleStream.of(0.3, 3)
            .mapToObj(rate -> m2ib("learning rate " + rate, s.withLearningRate(rate)));
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
                                    s.with(layer, s.beta(), n).withSteps(n, s.samples(), 0))));
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
  private static List<Variant> savings(M2ibSettings s) {
    Stream<Variant> noise = Stream.of(m2ib("other noise", s.withSeed(s.seed() + OTHER)));
    Stream<Variant> tolerances =
        DoubleStream.of(0.001, 0.003, 0.01, 0.03, 0.1)
            .mapToObj(t -> m2ib("tolerance " + t, s.withSteps(s.steps(), s.samples(), t)));
    Stream<Variant> samples =
        IntStream.of(5, 3, 1).mapToObj(n -> m2ib(n + " samples", s.withSteps(s.steps(), n, 0)));
    Stream<Variant> steps =
        IntStream.of(7, 5).mapToObj(n -> m2ib(n + " steps", s.withSteps(n, s.samples(), 0)));
    Stream<Variant> stepsAndSamples =
        IntStream.of(5, 3).mapToObj(n -> m2ib("7 steps, " + n + " samples", s.withSteps(7, n, 0)));
    return startingWith(s, noise, tolerances, samples, steps, stepsAndSamples);
  }

  /** bfloat16 with the same noise, and float32 with other noise as the yardstick. */
  private static List<Variant> precisions(M2ibSettings s) {
    M2ibSettings exact = s.with(Precision.FLOAT32);
    return startingWith(
        exact,
        Stream.of(
            m2ib("bfloat16", exact.with(Precision.BFLOAT16)),
            m2ib("other noise", exact.withSeed(s.seed() + OTHER))));
  }

  /** Each kind of noise and number of samples, with two seeds that are compared with each other. */
  private static List<Variant> noises(M2ibSettings s) {
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
}
