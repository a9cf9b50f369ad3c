package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.m2ib.lab.experiments.DiscordanceBenchmark.Judged;
import org.m2ib.lab.experiments.DiscordanceBenchmark.Scores;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.statistics.Bootstrap;
import org.m2ib.lab.statistics.ClusterMean;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Ranking;

/** The figures of the discordance benchmark, with intervals by resampling whole studies. */
public final class DiscordanceFigures {
  public static final String PAIRED = "paired accuracy";
  public static final String AUROC = "AUROC";
  public static final String PRECISION = "average precision";
  public static final String AT_10 = "sensitivity at 10 alerts";
  public static final String AT_50 = "sensitivity at 50 alerts";

  /** Prevalences of errors in practice at which precision is computed. */
  public static final List<Double> PREVALENCES = List.of(0.0005, 0.005, 0.012);

  /** Alerts of correct reports at which precision is computed. */
  private static final double RATE = 0.01;

  private static final List<String> NAMES =
      Stream.concat(
              Stream.of(PAIRED, AUROC, PRECISION, AT_10, AT_50),
              PREVALENCES.stream().map(DiscordanceFigures::ppv))
          .toList();

  /** Name of the row of all kinds. */
  public static final String ALL = "all kinds";

  /**
   * One kind.
   *
   * @param n number of made errors
   * @param finder by name of the figure
   * @param control the same without the image
   * @param gain finder less control
   */
  public record Row(
      String kind,
      int n,
      Map<String, Interval> finder,
      Map<String, Interval> control,
      Map<String, Interval> gain) {}

  private DiscordanceFigures() {}

  /** Name of the figure. */
  public static String ppv(double prevalence) {
    return "PPV at %s %%".formatted(String.valueOf(Math.round(prevalence * 1e5) / 1e3));
  }

  /**
   * @param studies number of clusters
   */
  static List<Row> of(Scores finder, Scores control, int studies, long seed) {
    Bootstrap bootstrap = new Bootstrap(seed, studies);
    List<Row> rows = new ArrayList<>();
    List<Error> all =
        Arrays.stream(Error.values()).filter(e -> !finder.pairs().get(e).isEmpty()).toList();
    for (Error error : all) {
      rows.add(
          row(
              error.words(),
              finder.pairs().get(error).size(),
              figures(finder, List.of(error)),
              figures(control, List.of(error)),
              bootstrap));
    }
    int n = all.stream().mapToInt(error -> finder.pairs().get(error).size()).sum();
    rows.add(row(ALL, n, figures(finder, all), figures(control, all), bootstrap));
    return rows;
  }

  private static Row row(
      String kind,
      int n,
      Function<int[], double[]> finder,
      Function<int[], double[]> control,
      Bootstrap bootstrap) {
    int figures = NAMES.size();
    List<Interval> all =
        bootstrap.intervals(
            draws -> {
              double[] own = finder.apply(draws);
              double[] blind = control.apply(draws);
              double[] three = Arrays.copyOf(own, 3 * figures);
              for (int f = 0; f < figures; f++) {
                three[figures + f] = blind[f];
                three[2 * figures + f] = own[f] - blind[f];
              }
              return three;
            });
    return new Row(
        kind,
        n,
        named(all.subList(0, figures)),
        named(all.subList(figures, 2 * figures)),
        named(all.subList(2 * figures, 3 * figures)));
  }

  private static Map<String, Interval> named(List<Interval> values) {
    Map<String, Interval> named = new LinkedHashMap<>();
    for (int f = 0; f < values.size(); f++) {
      named.put(NAMES.get(f), values.get(f));
    }
    return named;
  }

  /** Pairs judged alone, then whole reports against the correct ones; in the order of the names. */
  private static Function<int[], double[]> figures(Scores scores, List<Error> errors) {
    List<Judged> pairs = errors.stream().flatMap(e -> scores.pairs().get(e).stream()).toList();
    ClusterMean paired = paired(pairs, scores.correct().length);
    Items alone = new Items();
    for (Judged pair : pairs) {
      alone.add(pair.wrong(), true, pair.cluster());
      if (!Double.isNaN(pair.twin())) {
        alone.add(pair.twin(), false, pair.cluster());
      }
    }
    Items whole = new Items();
    for (int i = 0; i < scores.correct().length; i++) {
      whole.add(scores.correct()[i], false, i);
    }
    errors.forEach(
        error ->
            scores
                .reports()
                .get(error)
                .forEach(report -> whole.add(report.logOdds(), true, report.cluster())));
    Ranking ofPairs = alone.ranking();
    Ranking ofReports = whole.ranking();
    return draws -> {
      double found = ofReports.sensitivity(draws, RATE);
      return DoubleStream.concat(
              DoubleStream.of(
                  paired.value(draws),
                  ofPairs.auroc(draws),
                  ofPairs.averagePrecision(draws),
                  found,
                  ofReports.sensitivity(draws, 0.05)),
              PREVALENCES.stream().mapToDouble(p -> p * found / (p * found + (1 - p) * RATE)))
          .toArray();
    };
  }

  private static ClusterMean paired(List<Judged> pairs, int studies) {
    List<List<Double>> clusters = new ArrayList<>();
    for (int i = 0; i < studies; i++) {
      clusters.add(new ArrayList<>());
    }
    for (Judged pair : pairs) {
      clusters
          .get(pair.cluster())
          .add(
              Double.isNaN(pair.twin())
                  ? Double.NaN
                  : pair.wrong() > pair.twin() ? 1.0 : pair.wrong() < pair.twin() ? 0.0 : 0.5);
    }
    return new ClusterMean(
        clusters.stream()
            .map(values -> values.stream().mapToDouble(Double::doubleValue).toArray())
            .toList());
  }

  private static final class Items {
    private final List<Double> scores = new ArrayList<>();
    private final List<Boolean> positive = new ArrayList<>();
    private final List<Integer> clusters = new ArrayList<>();

    void add(double score, boolean isPositive, int cluster) {
      scores.add(score);
      positive.add(isPositive);
      clusters.add(cluster);
    }

    Ranking ranking() {
      boolean[] labels = new boolean[positive.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = positive.get(i);
      }
      return new Ranking(
          scores.stream().mapToDouble(Double::doubleValue).toArray(),
          labels,
          clusters.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
