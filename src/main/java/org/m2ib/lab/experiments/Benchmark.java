package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.Noise;
import org.m2ib.attribution.PrecisionTrial;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.engine.Precision;
import org.m2ib.engine.Script;

/**
 * Measures M2IB's parts on one image and one sentence, and their arithmetic limit: the operations
 * that the loop needs, divided by the engine's present rate of multiplying large matrices. Each
 * part first runs as warm-up; then its fastest run counts, because other load can only add time.
 */
public final class Benchmark implements AutoCloseable {
  /** Rows and columns of the large matrix. */
  private static final int LARGE = 2048;

  private static final double LARGE_FLOPS = 2 * Math.pow(LARGE, 3);

  /** Its first element says that the product is done, in whichever type. */
  private static final Script PRODUCT =
      new Script(
          "x: Tensor", "torch.to(torch.select(torch.select(torch.mm(x, x), 0, 0), 0, 0), 6)");

  private static final String SENTENCE =
      "There is a small left pleural effusion, and the heart is mildly enlarged.";

  private static final int SENTENCE_TOKENS = 16;

  /** Enough for the Java virtual machine to compile frequent code. */
  private static final int WARM_UP = 3;

  private static final NDIndex ALL = new NDIndex(":");

  private final Runnable release;
  private final NDManager manager;
  private final ImageEncoder image;
  private final TextEncoder text;
  private final Tokens tokens;
  private final M2ibSettings settings;
  private final InformationBottleneck imageBottleneck;
  private final InformationBottleneck textBottleneck;
  private final NDArray pixels;

  private Benchmark(
      Runnable release,
      NDManager manager,
      ImageEncoder image,
      TextEncoder text,
      Tokens tokens,
      M2ibSettings settings) {
    this.release = release;
    this.manager = manager;
    this.image = image;
    this.text = text;
    this.tokens = tokens;
    this.settings = settings.clampedTo(image, text);
    this.imageBottleneck =
        new InformationBottleneck(
            this.settings, new Noise(manager, settings.seed() + "/vision", settings.noise()));
    this.textBottleneck =
        new InformationBottleneck(
            this.settings, new Noise(manager, settings.seed() + "/text", settings.noise()));
    this.pixels = PrecisionTrial.pixels(manager, image.imageSize());
  }

  /**
   * A model with formula weights: as fast as the trained model, without a download. The sentence
   * has 16 tokens.
   *
   * @param device see {@link InferenceEngine#device}
   */
  public static Benchmark ofFormula(FormulaClip model, String device, M2ibSettings settings) {
    NDManager manager = InferenceEngine.start().newBaseManager(InferenceEngine.device(device));
    Towers clip = model.load(manager);
    Tokens tokens = model.tokens(SENTENCE_TOKENS);
    return new Benchmark(manager::close, manager, clip.image(), clip.text(), tokens, settings);
  }

  /**
   * @param model closed with the benchmark
   */
  public static Benchmark of(ClipModel model, M2ibSettings settings) {
    Tokens tokens = model.tokenizer().encode(SENTENCE);
    return new Benchmark(
        model::close, model.newSubManager(), model.image(), model.text(), tokens, settings);
  }

  /** The effective settings, with the layer clamped. */
  public M2ibSettings settings() {
    return settings;
  }

  /** Number of tokens of the sentence, including start and end. */
  public int tokens() {
    return tokens.size();
  }

  /**
   * @param repeat timed runs of each part, at least 1
   * @param sentences of the last part, at least 1
   */
  public Timings run(int repeat, int sentences) {
    int layer = settings.layer();
    NDArray large = manager.ones(new Shape(LARGE, LARGE));
    // a GPU runs asynchronously: reading a number waits for the product
    Consumer<NDManager> product = step -> large.get(step, ALL).matMul(large).getFloat(0, 0);
    int batchSize = batchSize(sentences);
    double before = best(repeat, product);
    double imagePrefix = best(repeat, step -> image.embed(pixels.get(step, ALL)).toFloatArray());
    double textPrefix = best(repeat, step -> text.embed(step, tokens).toFloatArray());
    Timings.Sides single = sides(repeat, 1);
    double between = best(repeat, product); // a shared machine is not always equally fast
    Timings.Sides batched = sides(repeat, batchSize);
    double whole = best(repeat, step -> wholeImage(step, sentences));
    double after = best(repeat, product);
    double rate = LARGE_FLOPS / Math.min(before, Math.min(between, after));
    return new Timings(
        rate,
        imagePrefix,
        textPrefix,
        single,
        sentences,
        batchSize,
        batched,
        whole,
        imageFlops() / rate,
        InformationBottleneck.flops(settings, text.suffixFlops(layer, tokens.size())) / rate);
  }

  /**
   * The engine's profile of the two loops of one sentence, warmed up by {@link #run}.
   *
   * @param image the image side's
   * @param text the text side's
   */
  public record Profiles(List<EngineProfile.Operator> image, List<EngineProfile.Operator> text) {}

  public Profiles profiles() {
    try (NDManager step = manager.newSubManager()) {
      List<Tokens> sentence = List.of(tokens);
      NDArray words = text.prefix(step, sentence, settings.layer());
      NDArray embedding = image.embed(pixels.get(step, ALL));
      return new Profiles(
          imageProfile(imageBottleneck),
          EngineProfile.of(() -> textSide(words, sentence, embedding)));
    }
  }

  private List<EngineProfile.Operator> imageProfile(InformationBottleneck bottleneck) {
    try (NDManager step = manager.newSubManager()) {
      NDArray hidden = image.prefix(pixels.get(step, ALL), settings.layer());
      NDArray target = text.embed(step, tokens);
      return EngineProfile.of(() -> imageSide(bottleneck, hidden, target));
    }
  }

  /**
   * Both loops of a sentence in both precisions, alternately.
   *
   * @param repeat timed runs of each
   */
  public PrecisionTrial.Outcome precisions(int repeat) {
    try (PrecisionTrial trial =
        PrecisionTrial.whole(image, text, tokens, manager.newSubManager(), settings, repeat)) {
      return trial.run();
    }
  }

  /**
   * The share of matrix products in the image side of a sentence, [0, 1], by the engine's profile
   * after {@link #precisions}.
   */
  public double imageProducts(Precision precision) {
    InformationBottleneck bottleneck =
        new InformationBottleneck(
            settings.with(precision),
            new Noise(manager, settings.seed() + "/vision", settings.noise()));
    return EngineProfile.products(imageProfile(bottleneck));
  }

  /**
   * Median rates of a large matrix product, both precisions alternately, in FLOP/s.
   *
   * @param float32 of arrays in float32
   * @param bfloat16 of arrays in bfloat16, without their conversion
   */
  public record Rates(double float32, double bfloat16) {}

  /**
   * @param repeat timed products of each precision, after one to warm up
   */
  public Rates rates(int repeat) {
    List<Double> float32 = new ArrayList<>();
    List<Double> bfloat16 = new ArrayList<>();
    try (NDManager step = manager.newSubManager()) {
      NDArray large = step.ones(new Shape(LARGE, LARGE));
      NDArray rounded = Precision.rounded(large);
      for (int i = 0; i <= repeat; i++) {
        float32.add(ImagesTrial.seconds(() -> PRODUCT.apply(large).getFloat()));
        bfloat16.add(ImagesTrial.seconds(() -> PRODUCT.apply(rounded).getFloat()));
      }
    }
    return new Rates(
        LARGE_FLOPS / ImagesTrial.median(float32), LARGE_FLOPS / ImagesTrial.median(bfloat16));
  }

  /** Operations of the image side's loop of one sentence. */
  public double imageFlops() {
    return InformationBottleneck.flops(settings, image.suffixFlops(settings.layer()));
  }

  /**
   * Both loops of several images with the same number of sentences, see {@link ImagesTrial}.
   *
   * @param images at least 1
   * @param sentences of each image; all run in one batch, whatever memory it takes
   * @param repeat timed runs of each way
   */
  public ImagesTrial.Outcome images(int images, int sentences, int repeat) {
    return ImagesTrial.run(images, repeat, () -> pairs(sentences), () -> pairs(images * sentences));
  }

  /** Both loops of a batch of pairs; pairs of several images take as long as those of one. */
  private void pairs(int n) {
    try (NDManager step = manager.newSubManager()) {
      NDArray hidden = image.prefix(pixels.get(step, ALL), settings.layer()); // (1, T, D)
      List<Tokens> copies = Collections.nCopies(n, tokens);
      imageSide(hidden, text.embed(step, copies));
      textSide(
          text.prefix(step, copies, settings.layer()),
          copies,
          image.suffix(hidden, settings.layer()));
    }
  }

  private int batchSize(int sentences) {
    double bytes = settings.samples() * image.suffixBytes(settings.layer());
    return (int) Math.max(1, Math.min(sentences, Attributor.MEMORY / bytes));
  }

  /** Both loops of n sentences in one batch, per sentence. */
  private Timings.Sides sides(int repeat, int n) {
    try (NDManager step = manager.newSubManager()) {
      NDArray hidden = image.prefix(pixels.get(step, ALL), settings.layer()); // (1, T, D)
      NDArray embedding = image.suffix(hidden, settings.layer()); // (1, E)
      List<Tokens> copies = Collections.nCopies(n, tokens);
      NDArray words = text.prefix(step, copies, settings.layer()); // (N, T, D)
      NDArray sentences = text.embed(step, copies); // (N, E)
      return new Timings.Sides(
          best(repeat, own -> imageSide(hidden.get(own, ALL), sentences)) / n,
          best(repeat, own -> textSide(words.get(own, ALL), copies, embedding)) / n);
    }
  }

  private void imageSide(NDArray hidden, NDArray targets) {
    imageSide(imageBottleneck, hidden, targets);
  }

  private void imageSide(InformationBottleneck bottleneck, NDArray hidden, NDArray targets) {
    NDArray states = hidden.repeat(0, targets.getShape().get(0));
    bottleneck.run(states, h -> image.suffix(h, settings.layer()), targets);
  }

  private void textSide(NDArray words, List<Tokens> sentences, NDArray embedding) {
    NDArray targets = embedding.get(words.getManager(), ALL).repeat(0, sentences.size());
    textBottleneck.run(words, h -> text.suffix(h, sentences, settings.layer()), targets);
  }

  private void wholeImage(NDManager manager, int sentences) {
    NDArray hidden = image.prefix(pixels.get(manager, ALL), settings.layer());
    NDArray embedding = image.suffix(hidden, settings.layer());
    int batchSize = batchSize(sentences);
    for (int from = 0; from < sentences; from += batchSize) {
      int n = Math.min(batchSize, sentences - from);
      try (NDManager step = manager.newSubManager()) {
        List<Tokens> copies = Collections.nCopies(n, tokens);
        imageSide(hidden.get(step, ALL), text.embed(step, copies));
        textSide(text.prefix(step, copies, settings.layer()), copies, embedding);
        NDArray pictures = pixels.get(step, ALL).repeat(0, n);
        image.embed(pictures).toFloatArray(); // multiplied by their maps
        image.embed(pictures).toFloatArray(); // multiplied by the complement
        text.embed(step, copies).toFloatArray(); // reduced to their best tokens
      }
    }
  }

  private double best(int repeat, Consumer<NDManager> part) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < WARM_UP + repeat; i++) {
      double seconds =
          ImagesTrial.seconds(
              () -> {
                try (NDManager step = manager.newSubManager()) {
                  part.accept(step);
                }
              });
      if (i >= WARM_UP) {
        best = Math.min(best, seconds);
      }
    }
    return best;
  }

  @Override
  public void close() {
    manager.close();
    release.run();
  }
}
