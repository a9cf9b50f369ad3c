package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Smoothing;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;
import org.m2ib.metrics.RankCorrelation;

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
    M2ibSettings used = s.withSteps(attribution.imageLoss().size(), s.samples(), s.tolerance());
    return InformationBottleneck.flops(used, model.image().suffixFlops(s.layer()));
  }

  @Override
  public void close() {
    variants.values().forEach(Attributor::close);
  }
}
