package org.m2ib.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.m2ib.phantom.FindingType;

/**
 * Pointing game and pixel AUC at each layer and beta.
 *
 * @param phantoms that were examined
 */
public record SweepTable(int phantoms, List<Row> rows) {

  /**
   * @param findings how many maps
   * @param weakest the type with the lowest pointing game, in lower case
   * @param weakestPointing and its share
   */
  public record Row(
      int layer,
      double beta,
      int findings,
      Interval pointing,
      Interval auc,
      String weakest,
      double weakestPointing) {}

  static SweepTable of(List<Sweep.Result> results, long seed) {
    Bootstrap bootstrap = new Bootstrap(seed, results.size());
    List<Row> rows =
        results.stream()
            .flatMap(r -> r.scores().stream())
            .map(s -> new Setting(s.layer(), s.beta()))
            .distinct()
            .sorted(Comparator.comparing(Setting::layer).thenComparing(Setting::beta))
            .map(s -> row(s, results, bootstrap))
            .toList();
    return new SweepTable(results.size(), rows);
  }

  private record Setting(int layer, double beta) implements Predicate<Sweep.Score> {
    @Override
    public boolean test(Sweep.Score score) {
      return score.layer() == layer && score.beta() == beta;
    }
  }

  private static Row row(Setting setting, List<Sweep.Result> results, Bootstrap bootstrap) {
    ToDoubleFunction<Sweep.Score> hit = s -> s.map().hit() ? 1 : 0;
    List<Sweep.Score> scores =
        results.stream().flatMap(r -> r.scores().stream()).filter(setting).toList();
    String weakest = "";
    double least = Double.POSITIVE_INFINITY;
    for (FindingType type : FindingType.values()) {
      double pointing =
          scores.stream().filter(s -> s.type() == type).mapToDouble(hit).average().orElse(2);
      if (pointing < least) {
        least = pointing;
        weakest = type.name().toLowerCase(Locale.ROOT);
      }
    }
    return new Row(
        setting.layer(),
        setting.beta(),
        scores.size(),
        mean(results, setting, hit, bootstrap),
        mean(results, setting, s -> s.map().auc(), bootstrap),
        weakest,
        least);
  }

  private static Interval mean(
      List<Sweep.Result> results,
      Setting setting,
      ToDoubleFunction<Sweep.Score> figure,
      Bootstrap bootstrap) {
    List<double[]> clusters =
        results.stream()
            .map(r -> r.scores().stream().filter(setting).mapToDouble(figure).toArray())
            .toList();
    return bootstrap.interval(new ClusterMean(clusters)::value);
  }
}
