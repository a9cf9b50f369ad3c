package org.m2ib.lab.experiments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.RankCorrelation;

/**
 * The figures of pictures that each have several examples, every one in a part of its own, such as
 * collages: whether a map answers its sentence or shows what the picture holds.
 */
public final class Tiles {
  /** Whether the strongest patch is in the right tile; chance is a quarter. */
  public static final String RIGHT = "right tile";

  /** Mean rank correlation with the maps of the picture's other tiles' sentences. */
  public static final String ANOTHER = "another tile's sentence";

  private Tiles() {}

  /**
   * @param outcome whose maps are kept
   * @param reference method that the others are compared with
   * @param seed of the bootstrap, whose clusters are the pictures
   * @return the same with both figures
   */
  public static MethodComparison.Outcome in(
      MethodComparison.Outcome outcome, Dataset data, String reference, long seed)
      throws IOException {
    Map<String, Example> examples =
        IntStream.range(0, data.size())
            .mapToObj(data::example)
            .collect(Collectors.toMap(Example::id, Function.identity()));
    Map<List<String>, List<Scored>> together =
        outcome.scored().stream()
            .collect(Collectors.groupingBy(s -> List.of(s.imageId(), s.method())));
    List<Scored> scored = new ArrayList<>();
    for (Scored s : outcome.scored()) {
      Map<String, Double> figures = new LinkedHashMap<>(s.figures());
      figures.put(RIGHT, right(s.map(), examples.get(s.exampleId())) ? 1.0 : 0.0);
      figures.put(ANOTHER, another(s, together.get(List.of(s.imageId(), s.method()))));
      scored.add(
          new Scored(s.exampleId(), s.imageId(), s.category(), s.method(), figures, s.map()));
    }
    return new MethodComparison.Outcome(
        outcome.pictures(), Comparison.of(scored, reference, seed), scored, outcome.failures());
  }

  /** Of equal patches the first counts; a flat map is never right. */
  private static boolean right(double[][] map, Example example) throws IOException {
    int rows = map.length;
    int columns = map[0].length;
    int strongest = 0;
    boolean flat = true;
    for (int i = 1; i < rows * columns; i++) {
      flat &= map[i / columns][i % columns] == map[0][0];
      if (map[i / columns][i % columns] > map[strongest / columns][strongest % columns]) {
        strongest = i;
      }
    }
    DisplayImage picture = example.picture().load();
    boolean[] mask = example.region().mask(picture.rows(), picture.columns());
    int row = (2 * (strongest / columns) + 1) * picture.rows() / (2 * rows);
    int column = (2 * (strongest % columns) + 1) * picture.columns() / (2 * columns);
    return !flat && mask[row * picture.columns() + column];
  }

  /** NaN if there is no other; a flat map has no correlation. */
  private static double another(Scored own, List<Scored> all) {
    return all.stream()
        .filter(other -> !other.exampleId().equals(own.exampleId()))
        .mapToDouble(other -> RankCorrelation.spearman(own.map(), other.map()))
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
