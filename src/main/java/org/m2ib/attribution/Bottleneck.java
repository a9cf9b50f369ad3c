package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.clip.Autograd;

/**
 * The information bottleneck of M2IB (arXiv 2312.17174, section 3) on one side of a pair: finds how
 * much of each token of a hidden state h can be replaced by noise while the embedding behind it
 * stays close to the other side's.
 *
 * <pre>
 *   lambda = sigmoid(alpha)                        alpha (1, T, D), 5 at the start
 *   z      = lambda h + (1 - lambda) eps           eps ~ N(0, 1), S samples
 *   C      = KL(N(lambda h, (1 - lambda)^2) || N(0, 1))
 *          = -1/2 (1 + log (1 - lambda)^2 - (lambda h)^2 - (1 - lambda)^2)
 *   loss   = beta mean(C) - mean(cosine(back(z), target))
 * </pre>
 *
 * Adam minimises the loss. The result is C of the last forward pass, before the last update. The
 * engine differentiates the cosine by z; from there to alpha, and for C, the derivative is written
 * out. The last step's update is read by nobody, so its backward pass is left out.
 */
public final class Bottleneck {
  private static final float ALPHA = 5;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float ADAM_EPSILON = 1e-8f;
  private static final float COSINE_EPSILON = 1e-6f;
  private static final NDIndex ALL = new NDIndex(":");

  /**
   * Least 1 - lambda under the logarithm: the spacing of float32 below 1. Only runs much longer
   * than the paper's get there; C stays finite in them.
   */
  private static final float LEAST = 0x1p-24f;

  private final M2ibSettings settings;
  private final Noise noise;

  public Bottleneck(M2ibSettings settings, Noise noise) {
    this.settings = settings;
    this.noise = noise;
  }

  /**
   * What one run gave, in nats.
   *
   * @param capacity C summed over channels, for each token
   * @param loss at each step, before its update
   * @param meanCapacity mean of C over tokens and channels, at each step
   * @param fit mean cosine, at each step
   */
  public record Run(
      double[] capacity, List<Double> loss, List<Double> meanCapacity, List<Double> fit) {}

  /**
   * @param hidden h (1, T, D)
   * @param back (S, T, D) to (S, E)
   * @param target the other side's embedding (1, E)
   */
  public Run run(NDArray hidden, UnaryOperator<NDArray> back, NDArray target) {
    Shape shape = hidden.getShape();
    int t = (int) shape.get(1);
    int d = (int) shape.get(2);
    int s = settings.samples();
    noise.prepare(settings.steps(), s, t, d);
    List<Double> losses = new ArrayList<>();
    List<Double> capacities = new ArrayList<>();
    List<Double> fits = new ArrayList<>();
    try (NDManager run = hidden.getManager().newSubManager()) {
      NDArray direction = unit(target.get(run, ALL)); // (1, E)
      NDArray alpha = run.full(shape, ALPHA);
      Adam adam = new Adam(run, shape);
      for (int step = 0; ; step++) {
        try (NDManager now = run.newSubManager()) {
          NDArray h = hidden.get(now, ALL); // a view, so that what is made of it is the step's
          NDArray lambda = Activation.sigmoid(alpha.get(now, ALL)); // (1, T, D)
          NDArray keep = lambda.neg().add(1); // 1 - lambda (1, T, D)
          NDArray mu = lambda.mul(h);
          NDArray capacity = capacity(mu, keep); // (1, T, D)
          NDArray eps = noise.step(now, step, s, t, d);
          NDArray z = keep.mul(eps).add(mu); // (S, T, D)
          boolean last = step == settings.steps() - 1;
          NDArray fitByZ = null;
          double fit;
          if (last) {
            fit = meanCosine(back.apply(z), direction).getFloat();
          } else {
            Autograd.Result result = Autograd.of(z, x -> meanCosine(back.apply(x), direction));
            fit = result.value().getFloat();
            fitByZ = result.gradient();
          }
          double mean = capacity.mean().getFloat();
          losses.add(settings.beta() * mean - fit);
          capacities.add(mean);
          fits.add(fit);
          if (last) {
            float[] tokens = capacity.sum(new int[] {0, 2}).toFloatArray(); // (T)
            return new Run(toDouble(tokens), losses, capacities, fits);
          }
          adam.update(alpha, gradient(h, eps, lambda, keep, fitByZ), step + 1);
        }
      }
    }
  }

  private static NDArray capacity(NDArray mu, NDArray keep) {
    NDArray logVariance = keep.maximum(LEAST).square().log();
    return logVariance.add(1).sub(mu.square()).sub(keep.square()).mul(-0.5f);
  }

  /**
   * d loss / d alpha (1, T, D). With dz / dlambda = h - eps and dlambda / dalpha = lambda (1 -
   * lambda), and dC / dlambda = 1 / (1 - lambda) + lambda h^2 - (1 - lambda).
   */
  private NDArray gradient(NDArray h, NDArray eps, NDArray lambda, NDArray keep, NDArray fitByZ) {
    NDArray fitByLambda = h.sub(eps).mul(fitByZ).sum(new int[] {0}, true);
    NDArray slope = lambda.mul(keep); // dlambda / dalpha
    NDArray capacityByAlpha =
        h.square().mul(lambda).sub(keep).mul(slope).add(lambda); // stays finite at lambda = 1
    float weight = (float) (settings.beta() / h.size());
    return capacityByAlpha.mul(weight).sub(fitByLambda.mul(slope));
  }

  /** Mean over samples of the cosine of (S, E) with a unit vector (1, E): a scalar. */
  static NDArray meanCosine(NDArray embedding, NDArray direction) {
    return unit(embedding).mul(direction).sum(new int[] {1}).mean();
  }

  /** Each row over its length. */
  static NDArray unit(NDArray rows) {
    return rows.normalize(2, 1, COSINE_EPSILON);
  }

  private static double[] toDouble(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Adam (arXiv 1412.6980, algorithm 1) on one tensor. */
  private final class Adam {
    private final NDArray m;
    private final NDArray v;

    Adam(NDManager manager, Shape shape) {
      m = manager.zeros(shape);
      v = manager.zeros(shape);
    }

    void update(NDArray x, NDArray gradient, int time) {
      m.muli((float) BETA1).addi(gradient.mul((float) (1 - BETA1)));
      v.muli((float) BETA2).addi(gradient.square().mul((float) (1 - BETA2)));
      float rate = (float) (settings.learningRate() / (1 - Math.pow(BETA1, time)));
      float scale = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, time)));
      NDArray root = v.get(gradient.getManager(), ALL).sqrt();
      x.subi(m.get(gradient.getManager(), ALL).div(root.mul(scale).add(ADAM_EPSILON)).mul(rate));
    }
  }
}
