package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.datasets.Collages;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Scored;

class TilesTest {
  private static final Collages DATA = new Collages(7, 2);

  @Test
  void aMapOfItsOwnTileIsRightAndOfAnotherIsNot() throws IOException {
    Map<String, Interval> figures = figures(TilesTest::peak, tile -> peak(0));
    assertThat(figures.get("own right").value()).isEqualTo(1);
    assertThat(figures.get("same right").value()).as("a quarter by chance").isEqualTo(0.25);
  }

  /** Of four peaks in 16 patches, each pair correlates at -1/15. */
  @Test
  void theSameMapForEverySentenceCorrelatesFullyAndAnotherPeakHardly() throws IOException {
    Map<String, Interval> figures = figures(TilesTest::peak, tile -> peak(0));
    assertThat(figures.get("own another").value()).isCloseTo(-1 / 15.0, within(1e-9));
    assertThat(figures.get("same another").value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void aFlatMapIsNeverRightAndHasNoCorrelation() throws IOException {
    Map<String, Interval> figures = figures(TilesTest::peak, tile -> new double[4][4]);
    assertThat(figures.get("same right").value()).isZero();
    assertThat(figures).doesNotContainKey("same another");
  }

  private interface Maps {
    double[][] of(int tile);
  }

  private static Map<String, Interval> figures(Maps own, Maps same) throws IOException {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < DATA.size(); i++) {
      scored.add(scored(i, "own", own.of(i % 4)));
      scored.add(scored(i, "same", same.of(i % 4)));
    }
    MethodComparison.Outcome outcome =
        new MethodComparison.Outcome(2, Comparison.of(scored, "own", 1), scored, List.of());
    Map<String, Interval> figures = new HashMap<>();
    for (Comparison.Row row : Tiles.in(outcome, DATA, "own", 1).comparison().overall().rows()) {
      row.figures()
          .forEach(
              (name, value) ->
                  figures.put(
                      row.method() + (name.equals(Tiles.RIGHT) ? " right" : " another"), value));
    }
    return figures;
  }

  private static Scored scored(int i, String method, double[][] map) {
    Example example = DATA.example(i);
    return new Scored(example.id(), example.image(), example.category(), method, Map.of(), map);
  }

  /** 4 x 4 patches, one of them in the tile above the others. */
  private static double[][] peak(int tile) {
    double[][] map = new double[4][4];
    map[tile / 2 * 2 + 1][tile % 2 * 2] = 1;
    return map;
  }
}
