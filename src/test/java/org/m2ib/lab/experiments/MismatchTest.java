package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Scored;

class MismatchTest {
  /** Two pictures: 0.9 and 0.4 are true, 0.5 and 0.1 are not; three of four pairs in order. */
  @Test
  void theAreaOfTheSimilarityIsTheOneByHand() {
    List<Scored> scored =
        List.of(
            scored("a", Pairs.TRUE, 0.9, 1), scored("a", "false: x", 0.5, 1),
            scored("b", Pairs.TRUE, 0.4, 1), scored("b", "false: x", 0.1, 1));
    assertThat(figures(scored, Comparison.ALL).get(Mismatch.SIMILARITY).value()).isEqualTo(0.75);
  }

  @Test
  void aMapThatIsStrongerForWhatIsTrueAddsToASimilarityThatKnowsNothing() {
    Map<String, Interval> figures = figures(drawn(true), Comparison.ALL);
    assertThat(figures.get(Mismatch.SIMILARITY).value()).isBetween(0.35, 0.65);
    assertThat(figures.get(Mismatch.MAP).value()).isGreaterThan(0.95);
    assertThat(figures.get(Mismatch.BOTH).value()).isGreaterThan(0.95);
    assertThat(figures.get(Mismatch.GAIN).low()).isPositive();
    assertThat(figures).doesNotContainKeys(Mismatch.MARGIN, Mismatch.ALL);
  }

  @Test
  void aMapThatKnowsNothingAddsNothing() {
    Map<String, Interval> figures = figures(drawn(false), Comparison.ALL);
    assertThat(figures.get(Mismatch.GAIN).low()).isLessThan(0.1);
    assertThat(figures.get(Mismatch.MAP).value()).isBetween(0.3, 0.7);
  }

  @Test
  void aWayOfBeingFalseIsHeldAgainstAllThatIsTrue() {
    List<Scored> scored =
        List.of(
            scored("a", Pairs.TRUE, 0.9, 1), scored("a", "false: x", 0.95, 1),
            scored("b", Pairs.TRUE, 0.8, 1), scored("b", "false: y", 0.1, 1));
    assertThat(figures(scored, "false: x").get(Mismatch.SIMILARITY).value()).isZero();
    assertThat(figures(scored, "false: y").get(Mismatch.SIMILARITY).value()).isEqualTo(1);
    assertThat(figures(scored, Comparison.ALL).get(Mismatch.SIMILARITY).value())
        .isCloseTo(0.5, within(1e-9));
  }

  @Test
  void aPhantomsFindingsAreTrueAndTheirOtherSideAndDenialAreNot() {
    Pairs pairs = Pairs.phantoms(41, 6);
    Map<String, Long> categories =
        pairs.examples().stream()
            .collect(Collectors.groupingBy(Example::category, Collectors.counting()));
    long findings = 0;
    for (long seed = 41; seed < 47; seed++) {
      findings += new PhantomGenerator().make(seed).findings().size();
    }
    assertThat(categories.get(Pairs.TRUE)).isEqualTo(findings);
    assertThat(categories.get(AuditTable.Kind.FALSE_DENIAL.words())).isEqualTo(findings);
    assertThat(categories.get(AuditTable.Kind.ABSENT.words())).isEqualTo(6);
    assertThat(categories).doesNotContainKey(AuditTable.Kind.DENIED.words()).hasSize(4);
    assertThat(pairs.examples().stream().map(Example::id)).doesNotHaveDuplicates();
  }

  @Test
  void aCollageHasFourSentencesThatAreTrueAndFourThatAreNot() {
    Pairs pairs = Pairs.collages(3, 5);
    for (String image : List.of("3", "7")) {
      Map<Boolean, List<String>> sentences =
          pairs.examples().stream()
              .filter(e -> e.image().equals(image))
              .collect(
                  Collectors.partitioningBy(
                      e -> e.category().equals(Pairs.TRUE),
                      Collectors.mapping(
                          e -> e.sentence().replaceAll("^(A photo of|A picture of|There is) ", ""),
                          Collectors.toList())));
      assertThat(sentences.get(true)).hasSize(4).doesNotContainAnyElementsOf(sentences.get(false));
      assertThat(sentences.get(false)).hasSize(4).doesNotHaveDuplicates();
    }
  }

  private static List<Scored> drawn(boolean telling) {
    Random random = new Random(5);
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      boolean holds = i % 2 == 0;
      double strength = random.nextGaussian() + (telling && holds ? 5 : 0);
      scored.add(
          scored("" + i / 4, holds ? Pairs.TRUE : "false: x", random.nextDouble(), strength));
    }
    return scored;
  }

  private static Map<String, Interval> figures(List<Scored> scored, String category) {
    return Mismatch.areas(scored, 1).row(category, "m").orElseThrow().figures();
  }

  private static int number;

  private static Scored scored(String image, String category, double similarity, double strength) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(Mismatch.SIMILARITY, similarity);
    figures.put("mean", strength);
    figures.put("peak", 1.0);
    figures.put("entropy", 0.5);
    return new Scored(image + "/" + number++, image, category, "m", figures);
  }
}
