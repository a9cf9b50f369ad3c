package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.m2ib.api.ProblemException;
import org.m2ib.worklist.WorklistQuery;

class WorklistParametersTest {
  private static WorklistQuery query(Consumer<WorklistParameters> set) {
    WorklistParameters parameters = new WorklistParameters();
    set.accept(parameters);
    return parameters.query("ada");
  }

  @Test
  void deviceSexAgeAndReaderAreThoseOfTheAddress() {
    WorklistQuery query =
        query(
            p -> {
              p.device = " Acme One ";
              p.sex = "F";
              p.age = "80+";
              p.judgedBy = "bob";
            });
    assertThat(query.device()).isEqualTo("Acme One");
    assertThat(query.sex()).isEqualTo("F");
    assertThat(query.age()).isEqualTo("80+");
    assertThat(query.judgedBy()).isEqualTo("bob");
    assertThat(query(p -> p.judgedByMe = "yes").judgedBy()).isEqualTo("ada");
  }

  @Test
  void whatIsNotAllowedIsRefusedByName() {
    assertThatThrownBy(() -> query(p -> p.sex = "X"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("sex: must be one of M, F, O");
    assertThatThrownBy(() -> query(p -> p.age = "12"))
        .hasMessageContaining("age: must be one of 0-17, 18-39");
    assertThatThrownBy(
            () ->
                query(
                    p -> {
                      p.judgedBy = "bob";
                      p.judgedByMe = "yes";
                    }))
        .hasMessageContaining("judgedBy: not together");
  }

  @Test
  void aRowOfAFigureThatIsNoneIsRefusedByItsPart() {
    assertThatThrownBy(() -> QualityRowCases.of(null, "figure"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("quality: must be a query string of [by, figure");
    assertThatThrownBy(() -> QualityRowCases.of(null, "colour=red"))
        .hasMessageContaining("quality: must be a query string");
    assertThatThrownBy(() -> QualityRowCases.of(null, "figure=none&measure=a&by=b"))
        .hasMessageContaining("quality: figure: must be one of");
    assertThatThrownBy(() -> QualityRowCases.of(null, "figure=maps&measure=a"))
        .hasMessageContaining("quality: measure, by: required");
    assertThatThrownBy(() -> QualityRowCases.of(null, "figure=%zz"))
        .hasMessageContaining("quality: is not percent-encoded");
    assertThatThrownBy(() -> QualityRowCases.of(null, "group=" + "x".repeat(2000)))
        .hasMessageContaining("quality: at most");
    assertThatThrownBy(() -> QualityRowCases.of(null, "figure=maps&measure=a&by=b&from=yesterday"))
        .hasMessageContaining("from: must be a date");
  }
}
