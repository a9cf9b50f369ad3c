package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.Script;

/**
 * The information bottleneck of M2IB (arXiv 2312.17174, section 3) on one side of a pair: finds how
 * much of each token of a hidden state h can be replaced by noise while the resulting embedding
 * stays close to the other side's.
 *
 * <pre>
 *   lambda = sigmoid(alpha)                        alpha (T, D), 5 at the start
 *   z      = lambda h + (1 - lambda) eps           eps ~ N(0, 1), S samples
 *   C      = KL(N(lambda h, (1 - lambda)^2) || N(0, 1))
 *          = -1/2 (1 + log (1 - lambda)^2 - (lambda h)^2 - (1 - lambda)^2)
 *   loss   = beta mean(C) - mean(cosine(suffix(z), target))
 * </pre>
 *
 * Adam minimises the loss. The result is C of the last forward pass, before the last update. The
 * engine differentiates the cosine by z; the derivative from there to alpha, and that of C, is
 * written out. The last step's update is not used, so its backward pass is left out.
 *
 * <p>N pairs run in one pass, each with its own alpha and the same noise. Pairs are independent:
 * alone, each gives the same except for the last digits, since the engine adds in another order.
 *
 * <p>Only the suffix runs in the settings' precision; z, its gradient and all of the above are
 * float32.
 */
public final class InformationBottleneck {
  private static final float ALPHA = 5;

  /** Its sigmoid is 1 in float32. */
  private static final float OPEN = 100;

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float ADAM_EPSILON = 1e-8f;
  private static final float COSINE_EPSILON = 1e-6f;
  static final NDIndex ALL = new NDIndex(":");

  /**
   * Minimum of 1 - lambda under the logarithm: the spacing of float32 below 1. Only runs much
   * longer than the paper's reach it; C stays finite in them.
   */
  private static final float LEAST = 0x1p-24f;

  private static final Script SAMPLE =
      new Script("mu: Tensor, keep: Tensor, eps: Tensor", "torch.addcmul(mu, keep, eps)");
  private static final Script SLOPE =
      new Script(
          "h: Tensor, eps: Tensor, g: Tensor",
          "torch.sub(torch.mul(h, torch.sum(g, [1])), torch.sum(torch.mul(eps, g), [1]))");

  private final M2ibSettings settings;
  private final Noise noise;

  public InformationBottleneck(M2ibSettings settings, Noise noise) {
    this.settings = settings;
    this.noise = noise;
  }

  /**
   * The outcome of one run, in nats.
   *
   * @param capacity C summed over channels, for each token
   * @param loss at each step, before its update
   * @param meanCapacity mean of C over tokens and channels, at each step
   * @param fit mean cosine, at each step
   */
  public record Run(
      double[] capacity, List<Double> loss, List<Double> meanCapacity, List<Double> fit) {}

  /**
   * Operations of one pair's run: each step runs forward, each but the last backward, without
   * gradients of weights.
   *
   * @param suffix operations of one sample through the tower's suffix
   */
  public static double flops(M2ibSettings settings, double suffix) {
    return suffix * settings.samples() * (2 * settings.steps() - 1);
  }

  /** N states of one length. */
  public List<Run> run(NDArray hidden, UnaryOperator<NDArray> suffix, NDArray target) {
    int[] lengths = new int[(int) hidden.getShape().get(0)];
    Arrays.fill(lengths, (int) hidden.getShape().get(1));
    return run(hidden, lengths, suffix, target);
  }

  /**
   * @param hidden h (N, T, D)
   * @param lengths N: number of the pair's own tokens, the first of its T; the others are left
   *     unchanged
   * @param suffix (N S, T, D) to (N S, E), the samples of the first pair first
   * @param target the other side's embeddings (N, E)
   * @return one run per pair
   */
  public List<Run> run(
      NDArray hidden, int[] lengths, UnaryOperator<NDArray> suffix, NDArray target) {
    Shape shape = hidden.getShape();
    long n = shape.get(0);
    long t = shape.get(1);
    long d = shape.get(2);
    int s = settings.samples();
    Shape samples = new Shape(n * s, t, d);
    noise.prepare(settings.steps(), s, Arrays.stream(lengths).max().orElse(0), (int) d);
    List<Course> courses = Arrays.stream(lengths).mapToObj(Course::new).toList();
    try (NDManager run = hidden.getManager().newSubManager()) {
      NDArray direction = unit(target.get(run, ALL)).expandDims(1); // (N, 1, E)
      NDArray share = share(run, lengths, t, d);
      NDArray alpha = run.zeros(shape).add(start(run, lengths, t));
      Adam adam = new Adam(run, shape);
      for (int step = 0; ; step++) {
        Interruption.check();
        try (NDManager now = run.newSubManager()) {
          NDArray h = hidden.get(now, ALL); // a view, so that results belong to the step's manager
          NDArray lambda = Activation.sigmoid(alpha.get(now, ALL)); // (N, T, D)
          NDArray keep = lambda.neg().add(1); // 1 - lambda (N, T, D)
          NDArray mu = lambda.mul(h);
          NDArray capacity = capacity(mu, keep); // (N, T, D)
          NDArray eps = noise.step(now, step, s, lengths, t, d); // (1 or N, S, T, D)
          NDArray z = SAMPLE.apply(mu.expandDims(1), keep.expandDims(1), eps); // (N, S, T, D)
          UnaryOperator<NDArray> fit =
              x -> fit(settings.precision().during(() -> suffix.apply(x)), direction); // (N)
          boolean last = step == settings.steps() - 1;
          NDArray fits;
          NDArray fitByZ = null;
          if (last) {
            fits = fit.apply(z.reshape(samples));
          } else {
            Autograd.Result result = Autograd.of(z.reshape(samples), fit);
            fits = result.value();
            fitByZ = result.gradient().reshape(n, s, t, d);
          }
          NDArray tokens = capacity.sum(new int[] {2}); // (N, T)
          NDArray means = tokens.mul(share.squeeze(2)).sum(new int[] {1}); // (N)
          record(courses, tokens, means, fits);
          if (last || courses.stream().allMatch(Course::over)) {
            return courses.stream().map(Course::run).toList();
          }
          adam.update(alpha, gradient(h, eps, lambda, keep, fitByZ, share), step + 1);
        }
      }
    }
  }

  /** Weight of a token's channels in the mean of C: 1 / (own tokens x D), or 0; (N, T, 1). */
  private static NDArray share(NDManager manager, int[] lengths, long t, long d) {
    float[] share = new float[lengths.length * (int) t];
    for (int i = 0; i < lengths.length; i++) {
      int from = i * (int) t;
      Arrays.fill(share, from, from + lengths[i], 1f / (lengths[i] * d));
    }
    return manager.create(share, new Shape(lengths.length, t, 1));
  }

  /** Initial alpha: tokens that are not the pair's own are left open, with lambda 1; (N, T, 1). */
  private static NDArray start(NDManager manager, int[] lengths, long t) {
    float[] start = new float[lengths.length * (int) t];
    Arrays.fill(start, OPEN);
    for (int i = 0; i < lengths.length; i++) {
      int from = i * (int) t;
      Arrays.fill(start, from, from + lengths[i], ALPHA);
    }
    return manager.create(start, new Shape(lengths.length, t, 1));
  }

  private void record(List<Course> courses, NDArray tokens, NDArray means, NDArray fits) {
    float[] capacity = tokens.toFloatArray();
    float[] mean = means.toFloatArray();
    float[] fit = fits.toFloatArray();
    int t = capacity.length / courses.size();
    for (int i = 0; i < courses.size(); i++) {
      courses.get(i).record(Arrays.copyOfRange(capacity, i * t, (i + 1) * t), mean[i], fit[i]);
    }
  }

  private static NDArray capacity(NDArray mu, NDArray keep) {
    NDArray logVariance = keep.maximum(LEAST).square().log();
    return logVariance.add(1).sub(mu.square()).sub(keep.square()).mul(-0.5f);
  }

  /**
   * d loss / d alpha (N, T, D). With dz / dlambda = h - eps and dlambda / dalpha = lambda (1 -
   * lambda), and dC / dlambda = 1 / (1 - lambda) + lambda h^2 - (1 - lambda).
   */
  private NDArray gradient(
      NDArray h, NDArray eps, NDArray lambda, NDArray keep, NDArray fitByZ, NDArray share) {
    NDArray fitByLambda = SLOPE.apply(h, eps, fitByZ);
    NDArray slope = lambda.mul(keep); // dlambda / dalpha
    NDArray capacityByAlpha =
        h.square().mul(lambda).sub(keep).mul(slope).add(lambda); // stays finite at lambda = 1
    NDArray weight = share.mul((float) settings.beta());
    return capacityByAlpha.mul(weight).sub(fitByLambda.mul(slope));
  }

  /**
   * Mean over samples of the cosine.
   *
   * @param embedding (N S, E)
   * @param direction unit vectors (N, 1, E)
   * @return (N)
   */
  static NDArray fit(NDArray embedding, NDArray direction) {
    Shape pairs = direction.getShape();
    return unit(embedding)
        .reshape(pairs.get(0), -1, pairs.get(2))
        .mul(direction)
        .sum(new int[] {2})
        .mean(new int[] {1});
  }

  /** Each row divided by its length, (B, E). */
  public static NDArray unit(NDArray rows) {
    return rows.normalize(2, 1, COSINE_EPSILON);
  }

  /** The figures recorded for one pair. */
  private final class Course {
    private final int length;
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> capacities = new ArrayList<>();
    private final List<Double> fits = new ArrayList<>();
    private double[] capacity;
    private boolean over;

    Course(int length) {
      this.length = length;
    }

    void record(float[] tokens, double mean, double fit) {
      if (over) {
        return;
      }
      double loss = settings.beta() * mean - fit;
      over = settles(loss);
      losses.add(loss);
      capacities.add(mean);
      fits.add(fit);
      capacity = new double[length];
      for (int i = 0; i < length; i++) {
        capacity[i] = tokens[i];
      }
    }

    private boolean settles(double loss) {
      return !losses.isEmpty()
          && Math.abs(loss - losses.get(losses.size() - 1)) < settings.tolerance();
    }

    boolean over() {
      return over;
    }

    Run run() {
      return new Run(capacity, losses, capacities, fits);
    }
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
