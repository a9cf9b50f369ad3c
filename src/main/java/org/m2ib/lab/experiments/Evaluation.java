package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;

/**
 * Measures a model, and M2IB's maps of it, on held-out phantoms. Results are written line by line,
 * so that an interrupted run can be resumed.
 */
public final class Evaluation {
  /** First seed of held-out phantoms; training uses others. */
  public static final long FIRST_SEED = 1_000_000_000;

  private final ClipModel model;
  private final M2ibSettings settings;
  private final Path folder;
  private final int workers;

  /**
   * Conditions common to all results of a file.
   *
   * @param model SHA-256 of its files
   * @param phantom hash of one phantom's pixels: another generator gives other results
   */
  record Conditions(String model, int phantom, List<?> settings) {}

  /**
   * @param folder for the results; created if absent
   * @param workers threads; figures do not depend on their number
   */
  public Evaluation(ClipModel model, M2ibSettings settings, Path folder, int workers) {
    this.model = model;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.folder = folder;
    this.workers = workers;
  }

  /** The effective settings, with the layer clamped. */
  public M2ibSettings settings() {
    return settings;
  }

  /**
   * @param seed of the first phantom; the others count up
   * @throws IOException if the folder cannot be written, or contains results of other settings
   */
  public Comparison run(long seed, int phantoms, ProgressListener listener) throws IOException {
    try (PhantomEvaluation phantomEvaluation = new PhantomEvaluation(model, settings);
        ResultsFile<PhantomResult> file =
            file("results.jsonl", List.of(settings), PhantomResult.class)) {
      return PhantomComparison.of(
          new Trials<>(file, PhantomResult::seed, phantomEvaluation::of)
              .run(seed, phantoms, workers, listener),
          seed);
    }
  }

  /**
   * As {@link #run}, with other settings and other methods.
   *
   * @return null if none of the phantoms has a finding
   */
  public Comparison sweep(long seed, int phantoms, ProgressListener listener) throws IOException {
    return compare("sweep.jsonl", Sweep.factors(model, settings), seed, phantoms, listener);
  }

  /** As {@link #sweep}, with cheaper settings. */
  public Comparison savings(long seed, int phantoms, ProgressListener listener) throws IOException {
    return compare("savings.jsonl", Sweep.savings(settings), seed, phantoms, listener);
  }

  private Comparison compare(
      String name, List<Sweep.Variant> variants, long seed, int phantoms, ProgressListener listener)
      throws IOException {
    try (Sweep sweep = new Sweep(model, variants);
        ResultsFile<Sweep.Result> file = file(name, variants, Sweep.Result.class)) {
      List<Scored> scored =
          new Trials<>(file, Sweep.Result::seed, sweep::of)
              .run(seed, phantoms, workers, listener).stream()
                  .flatMap(result -> result.scored().stream())
                  .toList();
      return scored.isEmpty() ? null : Comparison.of(scored, variants.get(0).name(), seed);
    }
  }

  private <T> ResultsFile<T> file(String name, List<?> made, Class<T> type) throws IOException {
    int phantom = Arrays.hashCode(new PhantomGenerator().make(FIRST_SEED).pixels());
    return new ResultsFile<>(
        folder.resolve(name), new Conditions(model.card().hash(), phantom, made), type);
  }
}
