package org.m2ib.lab.statistics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Methods compared on the same examples.
 *
 * @param reference the method that the others are compared with
 * @param rows all examples first, then the categories by name; within each, the methods in their
 *     original order
 */
public record Comparison(String reference, List<Row> rows) {
  /** The category of all together. */
  public static final String ALL = "all";

  /**
   * @param category or {@link #ALL}
   * @param examples number of the method's examples in it
   * @param figures means with their intervals; those with a value
   * @param against the comparison with the reference, by figure; empty for the reference itself
   */
  public record Row(
      String category,
      String method,
      int examples,
      Map<String, Interval> figures,
      Map<String, Paired> against) {}

  public Comparison {
    rows = List.copyOf(rows);
  }

  /**
   * @param scored in any order of examples
   * @param seed of the bootstrap, whose clusters are the images
   * @throws IllegalArgumentException if a method has an example twice, or the reference has none
   */
  public static Comparison of(List<Scored> scored, String reference, long seed) {
    return of(scored, reference, seed, List.of());
  }

  /**
   * As above.
   *
   * @param images the bootstrap's clusters in every category, those without an example too; where
   *     there are none, the images that have an example there
   */
  public static Comparison of(
      List<Scored> scored, String reference, long seed, List<String> images) {
    Set<List<String>> seen = new HashSet<>();
    for (Scored s : scored) {
      if (!seen.add(List.of(s.method(), s.exampleId()))) {
        throw new IllegalArgumentException(
            "method " + s.method() + " has example " + s.exampleId() + " twice");
      }
    }
    if (scored.stream().noneMatch(s -> s.method().equals(reference))) {
      throw new IllegalArgumentException("the reference method " + reference + " has no example");
    }
    List<Row> rows = new ArrayList<>(new Category(ALL, scored, reference, seed, images).rows());
    Map<String, List<Scored>> categories =
        scored.stream().collect(Collectors.groupingBy(Scored::category));
    for (String name : new TreeSet<>(categories.keySet())) {
      rows.addAll(new Category(name, categories.get(name), reference, seed, images).rows());
    }
    return new Comparison(reference, rows);
  }

  /** All examples, without the categories. */
  public Comparison overall() {
    return new Comparison(
        reference, rows.stream().filter(row -> row.category().equals(ALL)).toList());
  }

  /** That of a method in a category; empty where it has no example there. */
  public Optional<Row> row(String category, String method) {
    return rows.stream()
        .filter(row -> row.category().equals(category) && row.method().equals(method))
        .findFirst();
  }

  /** Names of all figures, in the order in which they came. */
  public Set<String> figures() {
    Set<String> figures = new LinkedHashSet<>();
    rows.forEach(row -> figures.addAll(row.figures().keySet()));
    return figures;
  }

  /** The examples of one category. */
  private static final class Category {
    private final String name;
    private final String reference;
    private final List<String> images;
    private final Bootstrap bootstrap;

    /** method -> example -> its scores */
    private final Map<String, Map<String, Scored>> methods = new LinkedHashMap<>();

    Category(String name, List<Scored> scored, String reference, long seed, List<String> images) {
      this.name = name;
      this.reference = reference;
      this.images =
          images.isEmpty()
              ? scored.stream().map(Scored::imageId).distinct().sorted().toList()
              : images;
      this.bootstrap = new Bootstrap(seed, this.images.size());
      for (Scored s : scored) {
        methods.computeIfAbsent(s.method(), m -> new LinkedHashMap<>()).put(s.exampleId(), s);
      }
    }

    List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      methods.forEach((method, examples) -> rows.add(row(method, examples)));
      Set<String> figures = new LinkedHashSet<>();
      rows.forEach(row -> figures.addAll(row.against().keySet()));
      figures.forEach(figure -> adjust(rows, figure));
      return rows;
    }

    private Row row(String method, Map<String, Scored> examples) {
      Map<String, Interval> figures = new LinkedHashMap<>();
      Map<String, Paired> against = new LinkedHashMap<>();
      Map<String, Scored> others = methods.getOrDefault(reference, Map.of());
      Set<String> names = new LinkedHashSet<>();
      examples.values().forEach(s -> names.addAll(s.figures().keySet()));
      for (String figure : names) {
        List<double[]> values = byImage(examples, s -> s.figure(figure));
        Interval interval = bootstrap.interval(new ClusterMean(values)::value);
        if (!Double.isNaN(interval.value())) {
          figures.put(figure, interval);
        }
        Paired paired =
            Paired.of(byImage(examples, s -> s.figure(figure) - of(others, s, figure)), bootstrap);
        if (!method.equals(reference) && paired.pairs() > 0) {
          against.put(figure, paired);
        }
      }
      return new Row(name, method, examples.size(), figures, against);
    }

    private static double of(Map<String, Scored> others, Scored s, String figure) {
      Scored other = others.get(s.exampleId());
      return other == null ? Double.NaN : other.figure(figure);
    }

    private List<double[]> byImage(Map<String, Scored> examples, Function<Scored, Double> value) {
      Map<String, List<Double>> byImage =
          examples.values().stream()
              .collect(
                  Collectors.groupingBy(
                      Scored::imageId, Collectors.mapping(value, Collectors.toList())));
      return images.stream()
          .map(i -> byImage.getOrDefault(i, List.of()).stream().mapToDouble(v -> v).toArray())
          .toList();
    }

    /** A family is one figure of one category, with one test for each other method. */
    private static void adjust(List<Row> rows, String figure) {
      List<Row> family = rows.stream().filter(r -> r.against().containsKey(figure)).toList();
      double[] adjusted =
          Paired.holm(family.stream().map(r -> r.against().get(figure).p()).toList());
      for (int i = 0; i < adjusted.length; i++) {
        double p = adjusted[i];
        family.get(i).against().computeIfPresent(figure, (f, paired) -> paired.adjustedTo(p));
      }
    }
  }
}
