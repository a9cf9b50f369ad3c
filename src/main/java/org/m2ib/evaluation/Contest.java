package org.m2ib.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.clip.ClipModel;
import org.m2ib.evaluation.data.Dataset;
import org.m2ib.evaluation.data.Example;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;

/**
 * Asks every method the same questions of the same pictures. What a picture gave is a line of a
 * file, so that a run that was cut off goes on; no figure but the seconds depends on the workers.
 */
public final class Contest implements AutoCloseable {
  /** Name of the figure: what one map took. */
  public static final String SECONDS = "seconds";

  /** What the tables show of localisation. */
  public static final List<String> WHERE =
      List.of(
          "pointing",
          "pixel AUC",
          "average precision",
          "mIoU, best threshold",
          "mIoU, 0.1 to 0.5",
          "CNR");

  /** What the tables show of faithfulness, and the time. */
  public static final List<String> WHY =
      List.of(
          Faithfulness.DROP,
          Faithfulness.INCREASE,
          Faithfulness.DELETION,
          Faithfulness.INSERTION,
          SECONDS);

  private final ClipModel model;
  private final Dataset data;
  private final List<Attributor> methods = new ArrayList<>();
  private final List<String> names;
  private final M2ibSettings settings;
  private final Similarities similarities;
  private final List<List<Example>> pictures;

  /**
   * @param data its identity
   * @param model SHA-256 of its files
   */
  record Conditions(String data, String model, M2ibSettings settings, List<String> methods) {}

  /**
   * What one picture gave.
   *
   * @param picture counted from 0
   * @param failures one line each: what could not be asked, and why
   */
  record Answers(long picture, List<Scored> scored, List<String> failures) {}

  /**
   * What all pictures gave.
   *
   * @param comparison null where nothing could be asked
   */
  public record Outcome(int pictures, Comparison comparison, List<String> failures) {}

  /**
   * @param names of the methods; the first is what the others are compared with
   * @param most pictures that are asked at most
   * @throws IllegalArgumentException when there is no such method
   */
  public Contest(
      ClipModel model, M2ibSettings settings, Dataset data, List<String> names, int most) {
    this.model = model;
    this.data = data;
    this.names = List.copyOf(names);
    this.settings = settings.clampedTo(model.image(), model.text());
    this.similarities = new Similarities(model);
    this.pictures = pictures(data, most);
    try {
      for (String name : names) {
        methods.add(new Attributor(model, name, settings, Attributor.MEMORY));
      }
    } catch (IllegalArgumentException e) {
      close();
      throw e;
    }
  }

  private static List<List<Example>> pictures(Dataset data, int most) {
    List<List<Example>> pictures = new ArrayList<>();
    String last = null;
    for (int i = 0; i < data.size(); i++) {
      Example example = data.example(i);
      if (!example.image().equals(last)) {
        if (pictures.size() == most) {
          break;
        }
        pictures.add(new ArrayList<>());
        last = example.image();
      }
      pictures.get(pictures.size() - 1).add(example);
    }
    return pictures;
  }

  /**
   * @param folder for the results
   * @param seed of the bootstrap
   * @throws IOException when the folder cannot be written, or holds results of other conditions
   */
  public Outcome run(Path folder, int workers, long seed, Watch watch) throws IOException {
    Conditions conditions = new Conditions(data.identity(), model.card().hash(), settings, names);
    try (ResultsFile<Answers> file =
        new ResultsFile<>(folder.resolve("methods.jsonl"), conditions, Answers.class)) {
      List<Answers> all =
          new Trials<>(file, Answers::picture, this::ask).run(0, pictures.size(), workers, watch);
      List<Scored> scored = all.stream().flatMap(a -> a.scored().stream()).toList();
      return new Outcome(
          pictures.size(),
          scored.isEmpty() ? null : Comparison.of(scored, names.get(0), seed),
          all.stream().flatMap(a -> a.failures().stream()).toList());
    }
  }

  private Answers ask(long number) {
    List<Example> examples = pictures.get((int) number);
    List<Scored> scored = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    try {
      DisplayImage picture = examples.get(0).picture().load();
      ModelInput input = model.preprocessor().apply(picture);
      for (Example example : examples) {
        try {
          boolean[] mask = example.region().mask(picture.rows(), picture.columns());
          scored.addAll(ask(example, input, mask));
        } catch (IOException | IllegalArgumentException e) {
          failures.add(example.id() + ": " + e.getMessage());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      failures.add(examples.get(0).image() + ": " + e.getMessage());
    }
    return new Answers(number, scored, failures);
  }

  /** All methods or none, so that they stay comparable. */
  private List<Scored> ask(Example example, ModelInput input, boolean[] mask) {
    Faithfulness faithfulness =
        new Faithfulness(model.image().imageSize(), similarities, input, example.sentence());
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      long start = System.nanoTime();
      double[][] map;
      try (PreparedImage prepared = methods.get(i).prepare(input)) {
        map = prepared.map(example.sentence());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      var figures = Localisation.of(map, mask, input.geometry()).figures();
      figures.putAll(faithfulness.of(map));
      figures.put(SECONDS, seconds);
      scored.add(
          new Scored(example.id(), example.image(), example.category(), names.get(i), figures));
    }
    return scored;
  }

  @Override
  public void close() {
    methods.forEach(Attributor::close);
  }
}
