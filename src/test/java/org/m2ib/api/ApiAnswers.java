package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.ws.rs.core.Response;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a resource answers, as a client would read it. */
public final class ApiAnswers {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private ApiAnswers() {}

  /**
   * @param answer a record, or a response of one
   */
  public static JsonNode json(Object answer) {
    return JSON.valueToTree(answer instanceof Response response ? response.getEntity() : answer);
  }

  /** The problem that a call ends with, of this status and with this in its detail. */
  public static JsonNode assertProblem(ThrowingCallable call, int status, String detail) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as("not refused").isNotNull();
    Response answer = ProblemMapper.response(thrown, "/api");
    assertThat(answer.getStatus()).as("%s", thrown).isEqualTo(status);
    assertThat(answer.getMediaType()).hasToString("application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.get("detail").asText()).contains(detail).doesNotContain("SECRET");
    return problem;
  }
}
