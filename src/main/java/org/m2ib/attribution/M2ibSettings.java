package org.m2ib.attribution;

import java.util.Optional;
import org.m2ib.clip.ChosenSettings;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.engine.Precision;

/**
 * The bottleneck's settings (arXiv 2312.17174 and its published defaults).
 *
 * @param layer 0-based encoder layer of the bottleneck; 9 of 12 by default, clamped for smaller
 *     towers
 * @param beta weight of the information passed relative to the fit; 0.1
 * @param steps Adam steps; 10
 * @param samples noise samples per step; 10
 * @param learningRate of Adam; 1
 * @param tolerance a pair stops early when a step changes its loss by less; 0, as in the paper:
 *     never
 * @param seed of the counter-based noise; any text
 * @param precision of the matrix products in the loop; float32
 * @param noise how samples and steps share it; independent
 */
public record M2ibSettings(
    int layer,
    double beta,
    int steps,
    int samples,
    double learningRate,
    double tolerance,
    String seed,
    Precision precision,
    NoiseKind noise) {

  public static final M2ibSettings PAPER = new M2ibSettings(9, 0.1, 10, 10, 1.0, "m2ib");

  /** Without early stopping, in float32, with independent noise. */
  public M2ibSettings(
      int layer, double beta, int steps, int samples, double learningRate, String seed) {
    this(
        layer,
        beta,
        steps,
        samples,
        learningRate,
        0,
        seed,
        Precision.FLOAT32,
        NoiseKind.INDEPENDENT);
  }

  /** The paper's, overridden by the model card. */
  public static M2ibSettings of(ChosenSettings chosen) {
    return of(chosen, PAPER.samples, PAPER.learningRate, 0, PAPER.seed, PAPER.noise);
  }

  /** With the paper's layer, beta and steps where none is given; in float32. */
  public static M2ibSettings of(
      ChosenSettings chosen,
      int samples,
      double learningRate,
      double tolerance,
      String seed,
      NoiseKind noise) {
    return new M2ibSettings(
        chosen.layer().orElse(PAPER.layer),
        chosen.beta().orElse(PAPER.beta),
        chosen.steps().orElse(PAPER.steps),
        samples,
        learningRate,
        tolerance,
        seed,
        Precision.FLOAT32,
        noise);
  }

  /** A result stored before there was a choice has float32 and independent noise. */
  public M2ibSettings {
    precision = precision == null ? Precision.FLOAT32 : precision;
    noise = noise == null ? NoiseKind.INDEPENDENT : noise;
    check(layer >= 0, "layer", layer, "0 or more");
    check(beta > 0 && beta <= 1000, "beta", beta, "above 0 and at most 1000");
    check(steps >= 1 && steps <= 1000, "steps", steps, "1 to 1000");
    check(samples >= 1 && samples <= 1000, "samples", samples, "1 to 1000");
    check(
        learningRate > 0 && learningRate <= 100,
        "learning-rate",
        learningRate,
        "above 0 and at most 100");
    check(tolerance >= 0 && tolerance <= 1000, "tolerance", tolerance, "0 to 1000");
    check(seed != null && !seed.isBlank(), "seed", seed, "a text");
    check(
        noise != NoiseKind.ANTITHETIC || samples % 2 == 0,
        "samples",
        samples,
        "even with antithetic noise");
  }

  /**
   * The same with a layer that both towers have: at most the second to last of the smaller tower,
   * so that at least one layer can still mix tokens (9 of 12, 2 of 4).
   */
  public M2ibSettings clampedTo(ImageEncoder image, TextEncoder text) {
    return with(Math.min(layer, lastLayer(image, text)), beta, steps);
  }

  /** The second to last of the smaller tower. */
  public static int lastLayer(ImageEncoder image, TextEncoder text) {
    return Math.max(0, Math.min(image.layers(), text.layers()) - 2);
  }

  /** The same with another layer, beta and number of steps. */
  public M2ibSettings with(int otherLayer, double otherBeta, int otherSteps) {
    return new M2ibSettings(
        otherLayer,
        otherBeta,
        otherSteps,
        samples,
        learningRate,
        tolerance,
        seed,
        precision,
        noise);
  }

  /** The same with another number of steps and samples and another tolerance. */
  public M2ibSettings withSteps(int otherSteps, int otherSamples, double otherTolerance) {
    return new M2ibSettings(
        layer,
        beta,
        otherSteps,
        otherSamples,
        learningRate,
        otherTolerance,
        seed,
        precision,
        noise);
  }

  /** The same with another learning rate. */
  public M2ibSettings withLearningRate(double other) {
    return new M2ibSettings(layer, beta, steps, samples, other, tolerance, seed, precision, noise);
  }

  /** The same with other noise. */
  public M2ibSettings withSeed(String other) {
    return new M2ibSettings(
        layer, beta, steps, samples, learningRate, tolerance, other, precision, noise);
  }

  /** The same in another precision. */
  public M2ibSettings with(Precision other) {
    return new M2ibSettings(
        layer, beta, steps, samples, learningRate, tolerance, seed, other, noise);
  }

  /** The same with noise of another kind. */
  public M2ibSettings with(NoiseKind other) {
    return new M2ibSettings(
        layer, beta, steps, samples, learningRate, tolerance, seed, precision, other);
  }

  /**
   * The settings that a method reads, in a permanent form for derived identifiers: version, names
   * in a fixed order, doubles as {@link Double#toHexString}, whose form the platform specifies.
   * Precision and kind of noise came later and are left out at their defaults. The seed, any text,
   * is last.
   */
  public String canonical(MethodCard method) {
    StringBuilder form = new StringBuilder("v1");
    if (method.layer()) {
      form.append(";layer=").append(layer);
    }
    if (method.steps()) {
      form.append(";steps=").append(steps);
    }
    if (method.isM2ib()) {
      form.append(";beta=").append(Double.toHexString(beta));
      form.append(";samples=").append(samples);
      form.append(";learningRate=").append(Double.toHexString(learningRate));
      form.append(";tolerance=").append(Double.toHexString(tolerance));
      otherPrecision().ifPresent(name -> form.append(";precision=").append(name));
      otherNoise().ifPresent(name -> form.append(";noise=").append(name));
    }
    if (method.seed()) {
      form.append(";seed=").append(seed);
    }
    return form.toString();
  }

  /** The precision's name unless it is float32. */
  public Optional<String> otherPrecision() {
    return precision == PAPER.precision ? Optional.empty() : Optional.of(precision.toString());
  }

  /** The kind of noise's name unless it is independent. */
  public Optional<String> otherNoise() {
    return noise == PAPER.noise ? Optional.empty() : Optional.of(noise.toString());
  }

  private static void check(boolean holds, String name, Object value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(
          "m2ib.attribution." + name + " = " + value + ": must be " + range);
    }
  }
}
