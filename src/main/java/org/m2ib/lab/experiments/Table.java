package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.statistics.Bootstrap;
import org.m2ib.lab.statistics.ClusterMean;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.metrics.Auc;

/**
 * The figures by finding and over all.
 *
 * @param phantoms number evaluated
 * @param rows one per type, in the order of {@link FindingType}, and last {@link #ALL}
 */
public record Table(int phantoms, List<Row> rows) {
  public static final String ALL = Comparison.ALL;

  /**
   * @param name of the type, in lower case
   * @param findings number of findings
   * @param figures those with a value
   */
  public record Row(String name, int findings, Map<Figure, Interval> figures) {}

  public Row all() {
    return rows.get(rows.size() - 1);
  }

  /** The rows of the types that occurred. */
  public List<Row> types() {
    return rows.subList(0, rows.size() - 1).stream().filter(r -> r.findings() > 0).toList();
  }

  /**
   * @param seed of the bootstrap, whose clusters are the phantoms
   */
  static Table of(List<PhantomResult> results, long seed) {
    Bootstrap bootstrap = new Bootstrap(seed, results.size());
    List<Row> rows = new ArrayList<>();
    for (FindingType type : FindingType.values()) {
      rows.add(row(type.name().toLowerCase(Locale.ROOT), results, type::equals, bootstrap));
    }
    rows.add(row(ALL, results, type -> true, bootstrap));
    return new Table(results.size(), rows);
  }

  private static Row row(
      String name, List<PhantomResult> results, Predicate<FindingType> types, Bootstrap bootstrap) {
    Map<Figure, Interval> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      Interval interval =
          figure.isMean()
              ? mean(results, types, figure, bootstrap)
              : area(results, types, figure == Figure.DENIED_AUC, bootstrap);
      if (!Double.isNaN(interval.value())) {
        figures.put(figure, interval);
      }
    }
    long findings =
        results.stream()
            .flatMap(r -> r.findings().stream())
            .filter(f -> types.test(f.finding().type()))
            .count();
    return new Row(name, (int) findings, figures);
  }

  private static Interval mean(
      List<PhantomResult> results,
      Predicate<FindingType> types,
      Figure figure,
      Bootstrap bootstrap) {
    List<double[]> clusters =
        results.stream()
            .map(
                r ->
                    r.findings().stream()
                        .filter(f -> types.test(f.finding().type()))
                        .mapToDouble(figure::of)
                        .toArray())
            .toList();
    return bootstrap.interval(new ClusterMean(clusters)::value);
  }

  private static Interval area(
      List<PhantomResult> results,
      Predicate<FindingType> types,
      boolean denied,
      Bootstrap bootstrap) {
    List<ToDoubleFunction<int[]>> areas =
        results.stream()
            .flatMap(r -> r.statements().stream())
            .map(StatementResult::statement)
            .filter(s -> s.denied() == denied && types.test(s.finding().type()))
            .distinct()
            .map(s -> area(results, s))
            .toList();
    return bootstrap.interval(
        draws ->
            areas.stream()
                .mapToDouble(area -> area.applyAsDouble(draws))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN));
  }

  /** Area of one statement over all images, weighted by how often each phantom is drawn. */
  private static ToDoubleFunction<int[]> area(List<PhantomResult> results, Statement statement) {
    List<StatementResult> statements = new ArrayList<>();
    List<Integer> phantoms = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      for (StatementResult s : results.get(i).statements()) {
        if (s.statement().equals(statement)) {
          statements.add(s);
          phantoms.add(i);
        }
      }
    }
    float[] scores = new float[statements.size()];
    boolean[] holds = new boolean[scores.length];
    int[] phantom = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = statements.get(i).similarity();
      holds[i] = statements.get(i).holds();
      phantom[i] = phantoms.get(i);
    }
    Auc auc = new Auc(scores, holds);
    return draws -> auc.value(item -> draws[phantom[item]]);
  }
}
