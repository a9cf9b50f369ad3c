package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.StorageUnavailableException;

class ProblemMapperTest {

  @Test
  void aSenderIsToldWhenToTryAgain() {
    Response answer =
        ProblemMapper.response(new StorageUnavailableException("SECRET", null), "/api/cases");
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeaderString("Retry-After")).isEqualTo("30");
    assertThat(answer.getEntity().toString()).contains("Try again").doesNotContain("SECRET");
  }

  @Test
  void anUnforeseenFailureIsNotQuoted() {
    Response answer = ProblemMapper.response(new IllegalStateException("SECRET"), "/api/cases");
    assertThat(answer.getStatus()).isEqualTo(500);
    assertThat(answer.getEntity().toString()).contains("log").doesNotContain("SECRET");
  }
}
