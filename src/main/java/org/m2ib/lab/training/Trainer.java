package org.m2ib.lab.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.m2ib.clip.Towers;
import org.m2ib.clip.checkpoint.Safetensors;
import org.m2ib.clip.checkpoint.SafetensorsWriter;
import org.m2ib.clip.families.huggingface.HfClip;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.clip.tokenizers.TokenizerJson;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.lab.phantom.PhantomSentence;

/**
 * Trains the small CLIP on phantoms, from scratch or from a checkpoint. The same seed starts from
 * the same weights and uses the same images and sentences in the same order; the time, or a number
 * of steps, determines how many, and how fast the learning rate decays.
 */
public final class Trainer implements AutoCloseable {
  static final String CHECKPOINT = "checkpoint.safetensors";
  private static final int WARM_UP = 100;
  private static final double NOISE_FROM = 0.2;

  private final Plan plan;
  private final PhantomClip sizes;
  private final Engine engine;
  private final NDManager manager;
  private final Parameters parameters;
  private final AdamW optimiser;
  private final Objective objective;
  private final Tokenizer tokenizer;
  private final PhantomPool pool;
  private final HeldOut heldOut;
  private int steps;
  private double seconds;

  /**
   * @param out output folder of the model
   * @param seed of weights, phantoms and sentences
   * @param minutes in total, including those before resuming; ignored if steps are given
   * @param steps in total, the same on every machine; 0: as many as the minutes allow
   * @param batch images per step
   * @param phantoms number of different training images
   * @param rate highest learning rate
   * @param heldOut number of images for the figures
   * @param report steps between two lines of progress
   */
  public record Plan(
      Path out,
      long seed,
      double minutes,
      int steps,
      int batch,
      int phantoms,
      double rate,
      int heldOut,
      int report) {}

  /** State of the training. */
  public record Progress(
      int step,
      double seconds,
      double share,
      double loss,
      double pairs,
      double patches,
      double features,
      HeldOut.Figures heldOut) {}

  /**
   * @param resume continues from the folder's checkpoint
   * @param device see {@link InferenceEngine#device}
   * @throws IOException if the folder cannot be written, or contains no checkpoint to resume
   */
  public Trainer(Plan plan, boolean resume, String device) throws IOException {
    this(plan, resume, device, PhantomClip.BUILT_IN);
  }

  Trainer(Plan plan, boolean resume, String device, PhantomClip sizes) throws IOException {
    this.plan = plan;
    this.sizes = sizes;
    this.engine = InferenceEngine.start();
    Files.createDirectories(plan.out());
    Path checkpoint = plan.out().resolve(CHECKPOINT);
    if (resume && !Files.exists(checkpoint)) {
      throw new IOException(checkpoint + " is not there: train without --resume first");
    }
    sizes.write(plan.out(), plan.phantoms());
    this.manager = engine.newBaseManager(InferenceEngine.device(device));
    this.parameters = new Parameters(manager, sizes, Objective.helpers(sizes), plan.seed());
    this.optimiser = new AdamW(manager, parameters.all());
    Towers clip = HfClip.load(sizes.config(), parameters, manager);
    this.objective = new Objective(clip, parameters);
    this.tokenizer =
        new Tokenizer(
            new TokenizerJson(
                PhantomClip.TOKENIZER,
                Files.readAllBytes(plan.out().resolve(PhantomClip.TOKENIZER))),
            PhantomClip.CONTEXT,
            OptionalInt.empty());
    if (resume) {
      load(checkpoint);
    }
    this.pool = PhantomPool.training(plan.seed(), plan.phantoms());
    this.heldOut = new HeldOut(plan.heldOut());
  }

  /** Trains until the time is over, and writes the model. */
  public Progress run(Consumer<Progress> listener) throws IOException {
    double before = seconds;
    long start = System.nanoTime();
    double[] sums = new double[4];
    int since = 0;
    while (share() < 1) {
      double[] losses = step(share());
      since++;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += losses[i];
      }
      seconds = before + (System.nanoTime() - start) / 1e9;
      if (steps % plan.report() == 0 && share() < 1) {
        listener.accept(progress(sums, since));
        since = 0;
        sums = new double[4];
        save();
      }
    }
    Progress last = progress(sums, Math.max(1, since));
    listener.accept(last);
    save();
    return last;
  }

  /** Completed share of the training. */
  private double share() {
    return plan.steps() > 0 ? (double) steps / plan.steps() : seconds / (plan.minutes() * 60);
  }

  private Progress progress(double[] sums, int n) {
    return new Progress(
        steps,
        seconds,
        Math.min(1, share()),
        sums[0] / n,
        sums[1] / n,
        sums[2] / n,
        sums[3] / n,
        heldOut.measure(manager, objective, tokenizer));
  }

  /**
   * One step.
   *
   * @param share completed share of the training
   * @return the loss and its parts, before the step
   */
  double[] step(double share) {
    // Each step's randomness follows from its number, so that a resumed run continues as it
    // would have.
    RandomGenerator random = new SplittableRandom(plan.seed() * 1_000_003 + steps);
    engine.setRandomSeed((int) random.nextLong());
    int[] which = random.ints(plan.batch(), 0, pool.size()).toArray();
    List<PhantomPool.Sample> pictures = pool.get(which);
    List<PhantomSentence> sentences =
        new Questions(random).about(pictures.stream().map(PhantomPool.Sample::findings).toList());
    int layers = sizes.layers();
    int noisy = share < NOISE_FROM ? -1 : layers - 2 - random.nextInt(2);
    double rate = plan.rate() * Math.min(1, (steps + 1.0) / WARM_UP);
    rate = rate * 0.5 * (1 + Math.cos(Math.PI * share)) + 1e-6;
    try (NDManager step = manager.newSubManager()) {
      Batch batch = Batch.of(step, pictures, sentences, tokenizer, random);
      Objective.Loss loss;
      try (GradientCollector collector = engine.newGradientCollector()) {
        loss = objective.of(batch, noisy);
        collector.backward(loss.total());
      }
      steps++;
      optimiser.step(step, steps, rate);
      return new double[] {
        loss.total().getFloat(),
        loss.pairs().getFloat(),
        loss.patches().getFloat(),
        loss.features().getFloat()
      };
    }
  }

  void save() throws IOException {
    Map<String, NDArray> all = new LinkedHashMap<>(parameters.all());
    all.putAll(optimiser.moments());
    Map<String, String> state =
        Map.of("step", "" + steps, "seconds", "" + seconds, "seed", "" + plan.seed());
    SafetensorsWriter.write(plan.out().resolve(CHECKPOINT), all, state);
    SafetensorsWriter.write(
        plan.out().resolve("model.safetensors"), parameters.model(), Map.of("format", "pt"));
  }

  private void load(Path file) throws IOException {
    try (Safetensors checkpoint = new Safetensors(file)) {
      Map<String, String> state = checkpoint.metadata();
      if (!state.getOrDefault("seed", "").equals("" + plan.seed())) {
        throw new IOException(
            file + " was begun with --seed " + state.get("seed") + ": give the same");
      }
      steps = Integer.parseInt(state.get("step"));
      seconds = Double.parseDouble(state.get("seconds"));
      Map<String, NDArray> all = new LinkedHashMap<>(parameters.all());
      all.putAll(optimiser.moments());
      for (Map.Entry<String, NDArray> tensor : all.entrySet()) {
        try (NDArray saved = checkpoint.read(manager, tensor.getKey())) {
          saved.copyTo(tensor.getValue());
        }
      }
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    manager.close();
  }
}
