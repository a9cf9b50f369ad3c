package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultGroupTest {
  private static final SentenceResult A = SampleResults.of(0, "Clear lungs.");
  private static final SentenceResult B = SampleResults.of(1, "Heart enlarged.");

  private static List<SentenceResult> joined(SentenceResult... valid) {
    List<SentenceResult> results = List.of(valid);
    return ResultGroup.joined(results, ResultGroup.known(results));
  }

  @Test
  void theSameResultsAreTheSameGroup() {
    List<SentenceResult> both = joined(A, B);
    assertThat(ResultGroup.of(both)).isEqualTo(ResultGroup.of(List.of(A, B)));
    assertThat(joined(both.toArray(SentenceResult[]::new))).isEqualTo(both);
    assertThat(ResultGroup.known(both)).hasSize(1);
  }

  @Test
  void anotherResultMakesAnotherGroup() {
    List<SentenceResult> one = joined(A);
    List<SentenceResult> two = joined(one.get(0), B);
    assertThat(ResultGroup.of(two)).isNotEqualTo(ResultGroup.of(one));
    assertThat(two.get(0).capture().groups()).hasSize(2);
    assertThat(two.get(1).capture().groups()).hasSize(1);
  }

  @Test
  void aGroupThatWasReplacedDoesNotComeBack() {
    List<SentenceResult> one = joined(A);
    List<SentenceResult> two = joined(one.get(0), B);
    Set<String> known = ResultGroup.known(two);
    List<SentenceResult> again = ResultGroup.joined(two.subList(0, 1), known);
    assertThat(known).doesNotContain(ResultGroup.of(again));
    assertThat(ResultGroup.joined(again, ResultGroup.known(again))).isEqualTo(again);
  }

  @Test
  void aResultThatIsShownAnewMakesAnotherGroup() {
    SentenceResult anew = A.after(A.capture(), true);
    assertThat(ResultGroup.of(joined(anew))).isNotEqualTo(ResultGroup.of(joined(A)));
  }

  @Test
  void theHistoryIsReadBackAndAnOlderResultHasNone() {
    SentenceResult result = joined(A.after(A.capture(), true)).get(0);
    SentenceResult read = ResultJson.read(ResultJson.write(result));
    assertThat(read.capture()).isEqualTo(result.capture());
    assertThat(ResultJson.write(A)).doesNotContain("rejected", "groups");
    assertThat(Stream.of(read.capture().rejected(), read.capture().groups()))
        .allSatisfy(history -> assertThat(history).hasSize(1));
  }
}
