package org.m2ib.lab.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.m2ib.clip.Towers;
import org.m2ib.clip.checkpoint.Safetensors;
import org.m2ib.clip.checkpoint.SafetensorsWriter;
import org.m2ib.clip.families.huggingface.HfClip;
import org.m2ib.clip.tokenizers.Tokenizer;
import org.m2ib.clip.tokenizers.TokenizerJson;
import org.m2ib.engine.InferenceEngine;

/**
 * Trains a small CLIP on phantoms or collages, from scratch or from a checkpoint. The same seed
 * starts from the same weights and uses the same images and sentences in the same order; the time,
 * or a number of steps, determines how many, and how fast the learning rate decays.
 */
public final class Trainer implements AutoCloseable {
  static final String CHECKPOINT = "checkpoint.safetensors";
  private static final int WARM_UP = 100;
  private static final double NOISE_FROM = 0.2;

  private final Plan plan;
  private final Curriculum curriculum;
  private final Engine engine;
  private final NDManager manager;
  private final Parameters parameters;
  private final AdamW optimiser;
  private final Objective objective;
  private final Tokenizer tokenizer;
  private final Exam exam;
  private int steps;
  private double seconds;

  /** What is trained on. */
  public enum Subject {
    PHANTOMS(PhantomLessons::of),
    COLLAGES(CollageLessons::of);

    private final Function<Plan, Curriculum> curriculum;

    Subject(Function<Plan, Curriculum> curriculum) {
      this.curriculum = curriculum;
    }
  }

  /**
   * @param out output folder of the model
   * @param seed of weights, images and sentences
   * @param minutes in total, including those before resuming; ignored if steps are given
   * @param steps in total, the same on every machine; 0: as many as the minutes allow
   * @param batch images per step
   * @param images number of different training images
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
      int images,
      double rate,
      int heldOut,
      int report) {}

  /**
   * State of the training.
   *
   * @param patches 0 if patches are not taught
   * @param features 0 if features are not taught
   * @param heldOut figures of images that the training does not see, by name; 0.5 by chance
   */
  public record Progress(
      int step,
      double seconds,
      double share,
      double loss,
      double pairs,
      double patches,
      double features,
      Map<String, Double> heldOut) {}

  /**
   * @param resume continues from the folder's checkpoint
   * @param device see {@link InferenceEngine#device}
   * @throws IOException if the folder cannot be written, or contains no checkpoint to resume
   */
  public Trainer(Subject subject, Plan plan, boolean resume, String device) throws IOException {
    this(plan, resume, device, subject.curriculum.apply(plan));
  }

  Trainer(Plan plan, boolean resume, String device, Curriculum curriculum) throws IOException {
    this.plan = plan;
    this.curriculum = curriculum;
    SmallClip sizes = curriculum.sizes();
    this.engine = InferenceEngine.start();
    Files.createDirectories(plan.out());
    Path checkpoint = plan.out().resolve(CHECKPOINT);
    if (resume && !Files.exists(checkpoint)) {
      throw new IOException(checkpoint + " is not there: train without --resume first");
    }
    sizes.write(plan.out(), curriculum.card());
    this.manager = engine.newBaseManager(InferenceEngine.device(device));
    this.parameters =
        new Parameters(
            manager, sizes, Objective.helpers(sizes, curriculum.features()), plan.seed());
    this.optimiser = new AdamW(manager, parameters.all());
    Towers clip = HfClip.load(sizes.config(), parameters, manager);
    this.objective = new Objective(clip, parameters);
    this.tokenizer =
        new Tokenizer(
            new TokenizerJson(
                SmallClip.TOKENIZER, Files.readAllBytes(plan.out().resolve(SmallClip.TOKENIZER))),
            SmallClip.CONTEXT,
            OptionalInt.empty());
    if (resume) {
      load(checkpoint);
    }
    this.exam = curriculum.exam();
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
        exam.take(manager, objective, tokenizer));
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
    double rate = plan.rate() * Math.min(1, (steps + 1.0) / WARM_UP);
    rate = rate * 0.5 * (1 + Math.cos(Math.PI * share)) + 1e-6;
    try (NDManager step = manager.newSubManager()) {
      Batch batch = curriculum.batch(step, plan.batch(), tokenizer, random);
      int noisy = share < NOISE_FROM ? -1 : curriculum.sizes().layers() - 2 - random.nextInt(2);
      Objective.Loss loss;
      try (GradientCollector collector = engine.newGradientCollector()) {
        loss = objective.of(batch, noisy);
        collector.backward(loss.total());
      }
      steps++;
      optimiser.step(step, steps, rate);
      return loss.values();
    }
  }

  void save() throws IOException {
    Map<String, NDArray> all = new LinkedHashMap<>(parameters.all());
    all.putAll(optimiser.moments());
    Map<String, String> state =
        Map.of("step", "" + steps, "seconds", "" + seconds, "seed", "" + plan.seed());
    SafetensorsWriter.write(plan.out().resolve(CHECKPOINT), all, state);
    try (NDManager copies = manager.newSubManager()) {
      Map<String, NDArray> model = new LinkedHashMap<>();
      for (Map.Entry<String, NDArray> tensor : parameters.model().entrySet()) {
        NDArray stored = tensor.getValue().toType(curriculum.stored(), true);
        stored.attach(copies);
        model.put(tensor.getKey(), stored);
      }
      SafetensorsWriter.write(
          plan.out().resolve("model.safetensors"), model, Map.of("format", "pt"));
    }
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
