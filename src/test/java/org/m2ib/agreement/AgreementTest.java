package org.m2ib.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AgreementTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Made by src/test/python/agreement.py with irrCAC and statsmodels. */
  static Stream<Arguments> goldens() throws IOException {
    JsonNode all = JSON.readTree(Path.of("src/test/resources/agreement/golden.json").toFile());
    return StreamSupport.stream(all.spliterator(), false)
        .map(set -> Arguments.of(set.get("seed").asInt(), set.get("weights").asText(), set));
  }

  private static Agreement of(JsonNode set) {
    int[][] ratings = JSON.convertValue(set.get("ratings"), int[][].class);
    return new Agreement(
        new Ratings(ratings, set.get("categories").asInt()),
        Weights.valueOf(set.get("weights").asText()));
  }

  private static void assertSame(Coefficient ours, JsonNode theirs) {
    assertThat(ours.reason()).isEmpty();
    assertThat(ours.value()).isEqualTo(theirs.get(0).asDouble(), within(1e-8));
    assertThat(ours.low()).isEqualTo(theirs.get(1).asDouble(), within(1e-8));
    assertThat(ours.high()).isEqualTo(Math.min(1, theirs.get(2).asDouble()), within(1e-8));
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("goldens")
  void coefficientsAndIntervalsAreThoseOfIndependentLibraries(
      int seed, String weights, JsonNode set) {
    Agreement agreement = of(set);
    assertSame(agreement.gwet(), set.get("gwet"));
    assertSame(agreement.fleiss(), set.get("fleiss"));
    assertThat(agreement.percent().value())
        .isEqualTo(set.get("percent").asDouble(), within(1e-5)); // rounded there
    if (set.has("cohen")) {
      assertSame(agreement.cohen(), set.get("cohen"));
    } else {
      assertThat(agreement.cohen().reason()).startsWith("Cohen's kappa is of two raters");
    }
  }

  private static Agreement of(String rows, int categories) {
    int[][] ratings =
        Arrays.stream(rows.strip().split(" "))
            .filter(row -> !row.isEmpty())
            .map(row -> row.chars().map(c -> c == '-' ? -1 : c - '0').toArray())
            .toArray(int[][]::new);
    return new Agreement(new Ratings(ratings, categories), Weights.IDENTITY);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2, nothing was rated",
    "'0 1 1', 2, there is only one rater",
    "'0- -1 1-', 2, no subject was rated by two raters",
    "'-- --', 2, no subject was rated by two raters",
    "'00 00', 1, there is only one category"
  })
  void whatCannotBeMeasuredHasAReasonAndNoNumber(String rows, int categories, String reason) {
    Agreement agreement = of(rows, categories);
    for (Coefficient each :
        new Coefficient[] {
          agreement.percent(), agreement.gwet(), agreement.fleiss(), agreement.cohen()
        }) {
      assertThat(each.value()).isNull();
      assertThat(each.low()).isNull();
      assertThat(each.reason()).isEqualTo(reason);
    }
  }

  @Test
  void whenAllRatingsAreTheSameTheKappasAreUndefinedAndGwetsIsNot() {
    Agreement agreement = of("00 00 00 00", 2);
    assertThat(agreement.cohen().value()).isNull();
    assertThat(agreement.fleiss().value()).isNull();
    assertThat(agreement.cohen().reason()).startsWith("all ratings are the same category");
    assertThat(agreement.gwet()).isEqualTo(new Coefficient(1.0, 1.0, 1.0, 4, ""));
    assertThat(agreement.percent()).isEqualTo(new Coefficient(1.0, 1.0, 1.0, 4, ""));
  }

  @Test
  void oneSubjectHasAValueAndNoInterval() {
    Coefficient one = of("01", 2).percent();
    assertThat(one.value()).isZero();
    assertThat(one.low()).isNull();
    assertThat(one.reason()).isEqualTo("one subject has no interval");
    assertThat(of("01", 2).gwet().low()).isNull();
    assertThat(of("01", 2).cohen().low()).isNull();
  }

  @Test
  void noIntervalGoesBelowMinusOne() {
    Agreement few = of("01 00 01", 2);
    assertThat(few.fleiss().value()).isEqualTo(-0.5, within(1e-12));
    assertThat(few.fleiss().low()).isEqualTo(-1);
    assertThat(few.gwet().low()).isEqualTo(-1);
  }

  @Test
  void subjectsOfOneRaterCountForChanceOnly() {
    assertThat(of("00 11 01 0- 1-", 2).percent().subjects()).isEqualTo(3);
    assertThat(of("00 11 01 0- 1-", 2).percent().value()).isEqualTo(2 / 3.0, within(1e-12));
  }

  @Test
  void aRatingThatIsNoCategoryIsRefused() {
    assertThatThrownBy(() -> of("02", 2)).hasMessage("2 is none of 2 categories");
    assertThatThrownBy(() -> new Ratings(new int[][] {{0, 1}, {0}}, 2))
        .hasMessage("the subjects do not have the same raters");
  }
}
