package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.engine.CounterRng;
import org.m2ib.engine.Precision;

/**
 * Measures both loops of one sentence in float32 and bfloat16, alternately, so that other load on
 * the machine meets both.
 */
public final class PrecisionTrial implements AutoCloseable {
  /** Least and most timed runs of each precision in a brief trial. */
  private static final int LEAST = 3;

  private static final int MOST = 9;

  /** A brief trial ends after this time, once it has run often enough. */
  private static final long BRIEF = 3_000_000_000L;

  /** Rows of a brief trial's products; with more, the gain hardly changes. */
  private static final int ROWS = 1000;

  private final ImageEncoder image;
  private final TextEncoder text;
  private final List<Tokens> sentence;
  private final NDManager manager;
  private final M2ibSettings settings;
  private final int repeat;
  private final long limit;
  private final Noise imageNoise;
  private final Noise textNoise;
  private final NDArray hidden;
  private final NDArray words;
  private final NDArray imageTarget;
  private final NDArray textTarget;

  private PrecisionTrial(
      ImageEncoder image,
      TextEncoder text,
      Tokens sentence,
      NDManager manager,
      M2ibSettings settings,
      int repeat,
      long limit) {
    this.image = image;
    this.text = text;
    this.sentence = List.of(sentence);
    this.manager = manager;
    this.settings = settings.clampedTo(image, text);
    this.repeat = repeat;
    this.limit = limit;
    this.imageNoise = new Noise(manager, "trial/vision");
    this.textNoise = new Noise(manager, "trial/text");
    int layer = this.settings.layer();
    this.hidden = image.prefix(pixels(manager, image.imageSize()), layer);
    this.words = text.prefix(manager, this.sentence, layer);
    this.textTarget = image.suffix(hidden, layer); // (1, E)
    this.imageTarget = text.suffix(words, this.sentence, layer); // (1, E)
  }

  /**
   * Two steps with as many samples as fill a product; a few seconds.
   *
   * @param manager closed with the trial
   */
  static PrecisionTrial brief(
      ImageEncoder image,
      TextEncoder text,
      Tokens sentence,
      NDManager manager,
      M2ibSettings settings) {
    int layer = settings.clampedTo(image, text).layer();
    int samples = Math.max(1, Math.min(settings.samples(), ROWS / image.tokens(layer)));
    M2ibSettings few = settings.with(NoiseKind.INDEPENDENT).withSteps(2, samples, 0);
    return new PrecisionTrial(image, text, sentence, manager, few, MOST, BRIEF);
  }

  /**
   * Whole loops.
   *
   * @param manager closed with the trial
   * @param repeat timed runs of each precision
   */
  public static PrecisionTrial whole(
      ImageEncoder image,
      TextEncoder text,
      Tokens sentence,
      NDManager manager,
      M2ibSettings settings,
      int repeat) {
    return new PrecisionTrial(image, text, sentence, manager, settings, repeat, Long.MAX_VALUE);
  }

  /** Median seconds of the two sides of a sentence. */
  public record Seconds(double image, double text) {
    double both() {
      return image + text;
    }
  }

  /** The medians of both precisions. */
  public record Outcome(Seconds float32, Seconds bfloat16) {
    /** Time in float32 relative to that in bfloat16. */
    public double gain() {
      return float32.both() / bfloat16.both();
    }
  }

  /** Runs both once to warm up, then measures. */
  public Outcome run() {
    List<Seconds> float32 = new ArrayList<>();
    List<Seconds> bfloat16 = new ArrayList<>();
    once(Precision.FLOAT32);
    once(Precision.BFLOAT16);
    long start = System.nanoTime();
    while (float32.size() < repeat
        && (float32.size() < LEAST || System.nanoTime() - start < limit)) {
      float32.add(once(Precision.FLOAT32));
      bfloat16.add(once(Precision.BFLOAT16));
    }
    return new Outcome(median(float32), median(bfloat16));
  }

  private Seconds once(Precision precision) {
    M2ibSettings in = settings.with(precision);
    int layer = settings.layer();
    long start = System.nanoTime();
    new InformationBottleneck(in, imageNoise).run(hidden, h -> image.suffix(h, layer), imageTarget);
    long between = System.nanoTime();
    new InformationBottleneck(in, textNoise)
        .run(words, h -> text.suffix(h, sentence, layer), textTarget);
    long end = System.nanoTime();
    return new Seconds((between - start) / 1e9, (end - between) / 1e9);
  }

  private static Seconds median(List<Seconds> all) {
    return new Seconds(
        middle(all.stream().map(Seconds::image).toList()),
        middle(all.stream().map(Seconds::text).toList()));
  }

  private static double middle(List<Double> all) {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** Uniform numbers of about the range of a normalised image, (1, 3, S, S). */
  public static NDArray pixels(NDManager manager, int size) {
    CounterRng uniform = new CounterRng("pixels");
    float[] values = new float[3 * size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (3 * uniform.at(i) - 1.5);
    }
    return manager.create(values, new Shape(1, 3, size, size));
  }

  @Override
  public void close() {
    manager.close();
  }
}
