package org.m2ib.lab.statistics;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The difference of a method from the reference, on the examples that both have.
 *
 * @param difference mean over examples; its interval is by resampling whole images
 * @param pairs examples
 * @param p two-sided, of Wilcoxon's signed-rank test on the images' mean differences, since
 *     examples of one image are not independent. Exact below 50 images without ties, else by the
 *     normal approximation with continuity correction; images without a difference are left out, as
 *     in Wilcoxon's original
 * @param adjusted p by {@link #holm} over the methods that are compared with the reference
 */
public record Paired(Interval difference, int pairs, double p, double adjusted) {
  public static final double SIGNIFICANT = 0.05;

  /**
   * @param images differences of the examples of each; NaN is ignored
   * @param bootstrap over as many clusters
   */
  static Paired of(List<double[]> images, Bootstrap bootstrap) {
    double[] means =
        images.stream()
            .map(differences -> Arrays.stream(differences).filter(d -> !Double.isNaN(d)))
            .map(DoubleStream::average)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    long pairs =
        images.stream().flatMapToDouble(Arrays::stream).filter(d -> !Double.isNaN(d)).count();
    double p = signedRank(means);
    return new Paired(bootstrap.interval(new ClusterMean(images)::value), (int) pairs, p, p);
  }

  /** 1 if nothing differs, NaN without data. */
  static double signedRank(double[] differences) {
    if (differences.length == 0) {
      return Double.NaN;
    }
    // the library's own handling of zeros corrects for ties among them, which it should not
    double[] changed = Arrays.stream(differences).filter(d -> d != 0).toArray();
    return changed.length == 0
        ? 1
        : WilcoxonSignedRankTest.withDefaults().test(changed).getPValue();
  }

  /** +1 above the reference, -1 below, 0 if the difference is not significant. */
  public int direction() {
    return adjusted < SIGNIFICANT ? (int) Math.signum(difference.value()) : 0;
  }

  Paired adjustedTo(double probability) {
    return new Paired(difference, pairs, p, probability);
  }

  /**
   * Holm's step-down correction (1979): the chance of even one false discovery in the family stays
   * below the level.
   *
   * @param probabilities of a family; NaN is no member
   * @return in the same order
   */
  static double[] holm(Collection<Double> probabilities) {
    double[] p = probabilities.stream().mapToDouble(v -> v).toArray();
    int[] rising =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = p.clone();
    double least = 0;
    for (int i = 0; i < rising.length; i++) {
      least = Math.max(least, Math.min(1, (rising.length - i) * p[rising[i]]));
      adjusted[rising[i]] = least;
    }
    return adjusted;
  }
}
