package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.Upsampling;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.Question;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.lab.training.FineTuning;
import org.m2ib.metrics.PixelOrder;
import org.m2ib.metrics.Similarities;

/**
 * Remove and retrain on phantoms (ROAR+ of M2IB's paper, arXiv 2312.17174): the pixels that a
 * method ranks highest are replaced by the channel mean in training and held-out images, the
 * model's training is continued, and the model is evaluated again. ROAR itself (Hooker et al. 2019,
 * arXiv 1806.10758) trains from scratch.
 *
 * <p>The figure of a sentence about a finding of a held-out image: the share of held-out images for
 * which it is false that fit it less well; a tie counts half, 0.5 by chance.
 */
public final class Roar {
  /** Name of the figure for images from which nothing was removed. */
  public static final String WHOLE = "nothing removed";

  /** Name of the figure: mean difference of the others from that, over the shares. */
  public static final String AREA = "area over the curve";

  private final Function<UnaryOperator<TensorSource>, ClipModel> load;
  private final ClipModel model;
  private final M2ibSettings settings;
  private final Plan plan;
  private final List<Phantom> phantoms;
  private final float mean;

  /**
   * @param seed of the first phantom; those with findings follow, first the training ones
   * @param training number of training images
   * @param heldOut number of held-out images
   * @param removed percentages of the pixels, ascending, above 0
   * @param tuning of the training, the same for all
   */
  public record Plan(
      long seed, int training, int heldOut, List<Integer> removed, FineTuning.Plan tuning) {
    public Plan {
      removed = List.copyOf(removed);
    }
  }

  /**
   * Conditions common to all maps of a file.
   *
   * @param model SHA-256 of its files
   * @param phantom hash of the first one's pixels: another generator gives other maps
   */
  record MapConditions(
      String model, int phantom, long seed, String method, M2ibSettings settings) {}

  /**
   * @param picture counted from 0
   */
  record PictureMap(long picture, double[][] map) {}

  /** Conditions common to all trainings of a file. */
  record Conditions(
      String model, int phantom, M2ibSettings settings, List<String> methods, Plan plan) {}

  /**
   * The results of one training.
   *
   * @param figures of each sentence of the held-out images
   */
  record Training(long number, String method, int removed, double[] figures) {}

  /**
   * @param load loads the model with its weights passed through a function; called for each
   *     training
   * @param model the same, unmodified
   */
  public Roar(
      Function<UnaryOperator<TensorSource>, ClipModel> load,
      ClipModel model,
      M2ibSettings settings,
      Plan plan) {
    this.load = load;
    this.model = model;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.plan = plan;
    this.phantoms = withFindings(plan.seed(), plan.training() + plan.heldOut());
    this.mean = mean(phantoms.subList(0, plan.training()));
  }

  /** Name in a table for what is left after this share is removed. */
  public static String figure(int removed) {
    return removed + " % removed";
  }

  /**
   * @param methods each is compared with the first
   * @param folder receives maps and results line by line, so that an interrupted run can be resumed
   * @param workers threads; figures do not depend on their number
   * @param listeners for a unit: first the maps of each method, then the trainings
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  public Comparison run(
      List<String> methods, Path folder, int workers, Function<String, ProgressListener> listeners)
      throws IOException {
    List<List<double[][]>> maps = new ArrayList<>();
    for (String method : methods) {
      maps.add(maps(method, folder, workers, listeners.apply("maps of " + method)));
    }
    int shares = plan.removed().size();
    try (ResultsFile<Training> file =
        new ResultsFile<>(
            folder.resolve("roar.jsonl"),
            new Conditions(model.card().hash(), pixels(), settings, methods, plan),
            Training.class)) {
      Trials<Training> trials =
          new Trials<>(file, Training::number, number -> training(number, methods, maps));
      List<Training> all =
          trials.run(0, 1 + methods.size() * shares, workers, listeners.apply("trainings"));
      return Comparison.of(scored(methods, all), methods.get(0), plan.seed());
    }
  }

  private List<double[][]> maps(String method, Path folder, int workers, ProgressListener listener)
      throws IOException {
    try (Attributor attributor = Methods.attributor(model, method, settings);
        ResultsFile<PictureMap> file =
            new ResultsFile<>(
                folder.resolve("roar-maps-" + method + ".jsonl"),
                new MapConditions(model.card().hash(), pixels(), plan.seed(), method, settings),
                PictureMap.class)) {
      return new Trials<>(file, PictureMap::picture, picture -> map(attributor, picture))
          .run(0, phantoms.size(), workers, listener).stream().map(PictureMap::map).toList();
    }
  }

  private PictureMap map(Attributor attributor, long picture) {
    Phantom phantom = phantoms.get((int) picture);
    List<String> sentences =
        Question.of(phantom).stream().map(Question::sentence).map(PhantomSentence::text).toList();
    try (PreparedImage prepared = attributor.prepare(PhantomEvaluation.input(model, phantom))) {
      return new PictureMap(picture, highest(prepared.maps(sentences)));
    }
  }

  /**
   * @param number 0 removes nothing; then the first method with each share, the next, and so on
   */
  private Training training(long number, List<String> methods, List<List<double[][]>> maps) {
    if (number == 0) {
      return new Training(0, "none", 0, figures(maps.get(0), 0));
    }
    int shares = plan.removed().size();
    int method = (int) (number - 1) / shares;
    int removed = plan.removed().get((int) (number - 1) % shares);
    return new Training(number, methods.get(method), removed, figures(maps.get(method), removed));
  }

  /**
   * Figures after training on what is left.
   *
   * @param maps of all images
   * @param removed percentage
   */
  private double[] figures(List<double[][]> maps, int removed) {
    List<ModelInput> inputs =
        IntStream.range(0, phantoms.size())
            .mapToObj(i -> input(phantoms.get(i), maps.get(i), removed / 100.0))
            .toList();
    List<FineTuning.Picture> pictures =
        IntStream.range(0, plan.training())
            .mapToObj(
                i ->
                    new FineTuning.Picture(
                        inputs.get(i).pixels(),
                        phantoms.get(i).findings().stream().map(Phantom.Located::finding).toList()))
            .toList();
    try (FineTuning tuning = new FineTuning(load)) {
      tuning.run(pictures, plan.tuning());
      return figures(tuning.model(), inputs.subList(plan.training(), inputs.size()));
    }
  }

  private ModelInput input(Phantom phantom, double[][] map, double removed) {
    float[] ranks = Upsampling.toSource(map, PhantomEvaluation.input(model, phantom).geometry());
    float[] remaining = without(phantom.pixels(), ranks, removed, mean);
    return model
        .preprocessor()
        .apply(new DisplayImage(phantom.size(), phantom.size(), 1, remaining));
  }

  private double[] figures(ClipModel tuned, List<ModelInput> inputs) {
    Similarities similarities = new Similarities(tuned);
    List<float[]> images = inputs.stream().map(similarities::embed).toList();
    List<Phantom> heldOut = heldOut();
    List<Double> figures = new ArrayList<>();
    for (int i = 0; i < heldOut.size(); i++) {
      for (Question question : Question.of(heldOut.get(i))) {
        PhantomSentence sentence = question.sentence();
        double ownCosine = similarities.cosine(images.get(i), sentence.text());
        figures.add(
            above(
                ownCosine,
                IntStream.range(0, heldOut.size())
                    .filter(k -> !heldOut.get(k).shows(sentence.statement()))
                    .mapToDouble(k -> similarities.cosine(images.get(k), sentence.text()))
                    .toArray()));
      }
    }
    return figures.stream().mapToDouble(v -> v).toArray();
  }

  private List<Scored> scored(List<String> methods, List<Training> trainings) {
    int shares = plan.removed().size();
    List<Scored> scored = new ArrayList<>();
    for (int m = 0; m < methods.size(); m++) {
      int example = 0;
      for (Phantom phantom : heldOut()) {
        for (Phantom.Located located : phantom.findings()) {
          List<Double> curve = new ArrayList<>(List.of(trainings.get(0).figures()[example]));
          Map<String, Double> figures = new LinkedHashMap<>();
          figures.put(WHOLE, curve.get(0));
          for (int s = 0; s < shares; s++) {
            curve.add(trainings.get(1 + m * shares + s).figures()[example]);
            figures.put(figure(plan.removed().get(s)), curve.get(s + 1));
          }
          figures.put(AREA, areaOver(plan.removed(), curve));
          scored.add(
              new Scored(
                  String.valueOf(example),
                  String.valueOf(phantom.seed()),
                  located.finding().type().names().get(0),
                  methods.get(m),
                  figures));
          example++;
        }
      }
    }
    return scored;
  }

  private List<Phantom> heldOut() {
    return phantoms.subList(plan.training(), phantoms.size());
  }

  private int pixels() {
    return Arrays.hashCode(phantoms.get(0).pixels());
  }

  private static List<Phantom> withFindings(long seed, int count) {
    PhantomGenerator generator = new PhantomGenerator();
    List<Phantom> phantoms = new ArrayList<>();
    for (long next = seed; phantoms.size() < count; next++) {
      Phantom phantom = generator.make(next);
      if (!phantom.findings().isEmpty()) {
        phantoms.add(phantom);
      }
    }
    return phantoms;
  }

  private static float mean(List<Phantom> phantoms) {
    double sum = 0;
    long n = 0;
    for (Phantom phantom : phantoms) {
      for (float pixel : phantom.pixels()) {
        sum += pixel;
      }
      n += phantom.pixels().length;
    }
    return (float) (sum / n);
  }

  /** The maximum over the maps, each scaled to [0, 1]: an image may have several sentences. */
  static double[][] highest(List<double[][]> maps) {
    double[][] highest = new double[maps.get(0).length][maps.get(0)[0].length];
    for (double[][] map : maps) {
      double[][] scaled = Attribution.scaled(map);
      for (int y = 0; y < scaled.length; y++) {
        for (int x = 0; x < scaled[y].length; x++) {
          highest[y][x] = Math.max(highest[y][x], scaled[y][x]);
        }
      }
    }
    return highest;
  }

  /** The pixels without the share that the map ranks highest. */
  static float[] without(float[] pixels, float[] map, double share, float fill) {
    float[] remaining = pixels.clone();
    int[] order = PixelOrder.of(map);
    for (int i = 0; i < Math.round(share * order.length); i++) {
      remaining[order[i]] = fill;
    }
    return remaining;
  }

  /** Share of the others that are lower; a tie counts half. NaN if there are none. */
  static double above(double own, double[] others) {
    return Arrays.stream(others)
        .map(o -> own > o ? 1 : own == o ? 0.5 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * By trapezoids, over the range of the shares.
   *
   * @param removed percentages, without 0
   * @param curve at 0 and at each of these
   */
  static double areaOver(List<Integer> removed, List<Double> curve) {
    double area = 0;
    int before = 0;
    for (int i = 0; i < removed.size(); i++) {
      double falls = 2 * curve.get(0) - curve.get(i) - curve.get(i + 1);
      area += (removed.get(i) - before) * falls / 2;
      before = removed.get(i);
    }
    return area / before;
  }
}
