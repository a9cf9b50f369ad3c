package org.m2ib.lab.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.statistics.Comparison;

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
  record Conditions(String model, int phantom, M2ibSettings settings) {}

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
    int phantom = Arrays.hashCode(new PhantomGenerator().make(FIRST_SEED).pixels());
    try (PhantomEvaluation phantomEvaluation = new PhantomEvaluation(model, settings);
        ResultsFile<PhantomResult> file =
            new ResultsFile<>(
                folder.resolve("results.jsonl"),
                new Conditions(model.card().hash(), phantom, settings),
                PhantomResult.class)) {
      return PhantomComparison.of(
          new Trials<>(file, PhantomResult::seed, phantomEvaluation::of)
              .run(seed, phantoms, workers, listener),
          seed);
    }
  }

  /**
   * M2IB with other settings, and other methods, on the same images.
   *
   * @param data with ground truth
   * @param maxPictures maximum number of images
   * @param seed of the bootstrap
   * @throws IOException if the folder cannot be written, or contains results of other conditions
   */
  public MethodComparison.Outcome sweep(
      SweepKind kind, Dataset data, int maxPictures, long seed, ProgressListener listener)
      throws IOException {
    try (Sweep sweep = new Sweep(model, kind.variants(model, settings), data, maxPictures)) {
      return sweep.run(folder, kind + ".jsonl", workers, seed, listener);
    }
  }
}
