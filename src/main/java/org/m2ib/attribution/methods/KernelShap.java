package org.m2ib.attribution.methods;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.CounterRng;

/**
 * Shapley values of patches and of words by KernelSHAP (Lundberg and Lee, arXiv 1705.07874, theorem
 * 2): the least-squares fit of s over coalitions, weighted by the Shapley kernel, whose sum is the
 * gain of all over none. For few players it uses all coalitions and is exact. Otherwise it samples
 * pairs of a coalition and its complement (Covert and Lee, arXiv 2012.01536), with sizes drawn by
 * the kernel.
 *
 * <p>Streams: {@code seed/vision}, {@code seed/text}.
 */
public final class KernelShap extends PairMethod {
  /** Enough to make the least squares of 196 patches well posed, five times over. */
  public static final int SAMPLES = 1024;

  private static final MethodCard CARD =
      new MethodCard(
          "kernel-shap",
          "KernelSHAP",
          "Shapley values of patches and words, arXiv 1705.07874",
          false,
          true);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD, (model, settings, manager) -> new KernelShap(SAMPLES, settings.seed()));

  private final int samples;
  private final String seed;

  /**
   * @param samples number of coalitions, even
   */
  public KernelShap(int samples, String seed) {
    super(CARD.name());
    this.samples = samples;
    this.seed = seed;
  }

  @Override
  double[][] map(Pair pair) {
    return Values.grid(
        shapley(Coalitions.ofPatches(pair), pair.manager(), "/vision"),
        pair.imageEncoder().gridRows(),
        pair.imageEncoder().gridColumns());
  }

  @Override
  double[] tokens(Pair pair) {
    Coalitions words = Coalitions.ofWords(pair);
    return words.ofAllTokens(shapley(words, pair.manager(), "/text"));
  }

  /** The coalitions, the empty one and the full one. */
  @Override
  public double flops(ImageEncoder image) {
    int m = image.gridRows() * image.gridColumns();
    long coalitions = m == 1 ? 0 : takesAll(m) ? (1L << m) - 2 : samples;
    return (coalitions + 2) * image.embedFlops();
  }

  private boolean takesAll(int m) {
    return m < 31 && (1L << m) - 2 <= samples;
  }

  private double[] shapley(Coalitions game, NDManager manager, String side) {
    int m = game.players();
    double none = game.value(new BitSet());
    double gain = game.value(game.everyone()) - none;
    if (m == 1) {
      return new double[] {gain};
    }
    boolean exact = takesAll(m);
    List<BitSet> coalitions =
        exact ? everyCoalition(m) : sampleCoalitions(game, new CounterRng(seed + side));
    double[] values = game.values(coalitions);
    // With phi_m = gain - the others' sum: least squares of v - z_m gain on z_i - z_m, i < m.
    double[][] normal = new double[m - 1][m - 1];
    double[] right = new double[m - 1];
    for (int k = 0; k < values.length; k++) {
      BitSet z = coalitions.get(k);
      double weight = exact ? kernel(m, z.cardinality()) : 1;
      int last = z.get(m - 1) ? 1 : 0;
      double y = values[k] - none - last * gain;
      for (int i = 0; i < m - 1; i++) {
        double zi = (z.get(i) ? 1 : 0) - last;
        if (zi != 0) {
          right[i] += weight * zi * y;
          for (int j = 0; j < m - 1; j++) {
            normal[i][j] += weight * zi * ((z.get(j) ? 1 : 0) - last);
          }
        }
      }
    }
    double[] others = solve(manager, normal, right);
    double[] phi = Arrays.copyOf(others, m);
    phi[m - 1] = gain - Arrays.stream(others).sum();
    return phi;
  }

  /** (M - 1) / (C(M, k) k (M - k)). */
  private static double kernel(int m, int k) {
    double choose = 1;
    for (int i = 1; i <= k; i++) {
      choose = choose * (m - k + i) / i;
    }
    return (m - 1) / (choose * k * (m - k));
  }

  private static List<BitSet> everyCoalition(int m) {
    List<BitSet> coalitions = new ArrayList<>();
    for (long bits = 1; bits < (1L << m) - 1; bits++) {
      coalitions.add(BitSet.valueOf(new long[] {bits}));
    }
    return coalitions;
  }

  private List<BitSet> sampleCoalitions(Coalitions game, CounterRng uniform) {
    int m = game.players();
    double[] cumulative = new double[m];
    for (int k = 1; k < m; k++) {
      cumulative[k] = cumulative[k - 1] + 1.0 / ((double) k * (m - k));
    }
    List<BitSet> coalitions = new ArrayList<>();
    for (int j = 0; j < samples / 2; j++) {
      long base = (long) j * (m + 1);
      double u = uniform.at(base) * cumulative[m - 1];
      int size = 1;
      while (size < m - 1 && u >= cumulative[size]) {
        size++;
      }
      BitSet present = new BitSet();
      IntStream.range(0, m)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> uniform.at(base + 1 + i)))
          .limit(size)
          .forEach(present::set);
      BitSet complement = game.everyone();
      complement.andNot(present);
      coalitions.add(present);
      coalitions.add(complement);
    }
    return coalitions;
  }

  private static double[] solve(NDManager manager, double[][] matrix, double[] right) {
    int n = right.length;
    double[] values = Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    // small, and on a GPU two threads cannot start the engine's linear algebra at once
    try (NDManager step = manager.newSubManager(Device.cpu())) {
      NDArray inverse = step.create(values, new Shape(n, n)).inverse();
      return inverse.matMul(step.create(right, new Shape(n, 1))).toDoubleArray();
    }
  }
}
