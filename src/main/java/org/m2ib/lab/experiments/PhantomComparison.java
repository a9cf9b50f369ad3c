package org.m2ib.lab.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.statistics.Bootstrap;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Auc;

/**
 * The figures of phantoms: a finding's map is held against that of another finding's sentence, and
 * against maps that know nothing; a category is a type of finding. Of the model itself: how it
 * tells sides, and true statements from false ones.
 */
public final class PhantomComparison {
  /** Of the maps: that of the finding's own sentence. */
  public static final String SENTENCE = "its sentence";

  /** The same image's map for a sentence about another finding, against this finding's mask. */
  public static final String ANOTHER = "another finding's sentence";

  /** Drawn by lot, patch by patch. */
  public static final String RANDOM = "random map";

  /** Falls off from the image's centre. */
  public static final String CENTRE = "centre map";

  /** Name of the figure: the sentence scores above the same with the other side; a share. */
  public static final String SIDE = "right side above wrong side";

  /** Images of which a statement is true above those of which it is not; mean of statements. */
  public static final String PAIR_AUC = "true above false, AUC";

  /** The same of denials. */
  public static final String DENIED_AUC = "true denial above false, AUC";

  private PhantomComparison() {}

  /** The category of a type. */
  public static String category(FindingType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param seed of the bootstrap, whose clusters are the phantoms
   */
  static Comparison of(List<PhantomResult> results, long seed) {
    List<String> phantoms = results.stream().map(r -> String.valueOf(r.seed())).toList();
    List<Scored> scored = results.stream().flatMap(r -> r.scored().stream()).toList();
    Comparison maps =
        scored.isEmpty()
            ? new Comparison(ANOTHER, List.of())
            : Comparison.of(scored, ANOTHER, seed, phantoms);
    Bootstrap bootstrap = new Bootstrap(seed, phantoms.size());
    List<Comparison.Row> rows = new ArrayList<>();
    rows.addAll(rows(Comparison.ALL, maps, areas(results, type -> true, bootstrap)));
    for (FindingType type : FindingType.values()) {
      rows.addAll(rows(category(type), maps, areas(results, type::equals, bootstrap)));
    }
    return new Comparison(ANOTHER, rows);
  }

  /** Of one category; the areas are those of the model, and stand with the sentence's own map. */
  private static List<Comparison.Row> rows(
      String category, Comparison maps, Map<String, Interval> areas) {
    Comparison.Row own =
        maps.row(category, SENTENCE)
            .orElse(new Comparison.Row(category, SENTENCE, 0, Map.of(), Map.of()));
    Map<String, Interval> figures = new LinkedHashMap<>(own.figures());
    figures.putAll(areas);
    return Stream.concat(
            Stream.of(
                new Comparison.Row(category, SENTENCE, own.examples(), figures, own.against())),
            maps.rows().stream()
                .filter(r -> r.category().equals(category) && !r.method().equals(SENTENCE)))
        .toList();
  }

  private static Map<String, Interval> areas(
      List<PhantomResult> results, Predicate<FindingType> types, Bootstrap bootstrap) {
    Map<String, Interval> areas = new LinkedHashMap<>();
    areas.put(PAIR_AUC, area(results, types, false, bootstrap));
    areas.put(DENIED_AUC, area(results, types, true, bootstrap));
    areas.values().removeIf(area -> Double.isNaN(area.value()));
    return areas;
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

  /** Of one statement over all images, by how often each phantom is drawn. */
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
    for (int i = 0; i < scores.length; i++) {
      scores[i] = statements.get(i).similarity();
      holds[i] = statements.get(i).holds();
    }
    Auc auc = new Auc(scores, holds);
    return draws -> auc.value(item -> draws[phantoms.get(item)]);
  }
}
