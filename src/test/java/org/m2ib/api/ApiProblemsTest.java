package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.RawHttp;
import org.m2ib.boot.RawHttp.Answer;
import org.m2ib.boot.ServiceProfile;

/** Every refusal of {@code /api} is a problem (RFC 9457), whichever layer refuses. */
@QuarkusTest
@TestProfile(ServiceProfile.Api.class)
class ApiProblemsTest {
  @TestHTTPResource("/")
  URI base;

  private RawHttp http() {
    return new RawHttp(base);
  }

  private static JsonNode json(Answer answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          GET /api; §§; §§; 404; nothing at this path
          GET /api/; §§; §§; 404; nothing at this path
          GET /api/nothing/at/all; §§; §§; 404; nothing at this path
          GET /api/cases/12; §§; §§; 404; not a UUID
          POST /api/cases/12/redelivery; Content-Type: application/json; §§; 404; not a UUID
          POST /api/cases/12/redo?model=x; Content-Type: application/json; §§; 404; not a UUID
          GET /api/cases/%00; §§; §§; 404; not a UUID
          GET /api/cases/..%2f..%2fx; §§; §§; 404; not a UUID
          GET /api/cases?state=SECRET; §§; §§; 400; state: must be one of [
          GET /api/cases?limit=0; §§; §§; 400; limit: must be a number from 1 to 1000
          GET /api/cases?colour=SECRET; §§; §§; 400; colour: unknown parameter; the parameters are [studyInstanceUid, acc
          GET /api/models?colour=SECRET; §§; §§; 400; colour: unknown parameter; the parameters are none
          POST /api/redelivery?a=b; §§; §§; 400; a: unknown parameter
          GET /api/cases; Accept: text/html; §§; 406; Accept
          DELETE /api/cases; §§; §§; 405; does not support this method
          PUT /api/reports; §§; §§; 405; does not support this method
          FOO /api/cases; §§; §§; 405; does not support this method
          POST /api/reports; Content-Type: text/plain; SECRET; 415; application/json
          POST /api/reports; Content-Type: application/json; {"text": SECRET; 400; body: not a JSON object
          POST /api/reports; Content-Type: application/json; §§; 400; body: not a JSON object
          POST /api/reports; Content-Type: application/json|Content-Length: 17000000; §§; 413; body: at most 16777216 bytes
          POST /api/reports; Content-Type: application/json|Content-Length: 9223372036854775807; §§; 413; body: at most 16777216 bytes
          POST /api/models/rollback; Content-Type: application/json; §§; 409; no previous default
          POST /api/models/nobody/activate; Content-Type: application/json; §§; 404; no such model
          POST /api/models/rollback; Content-Type: text/plain; §§; 415; application/json
          POST /api/reports; Content-Type: application/json|Origin: http://elsewhere.example; {}; 403; page of another site
          """)
  void aRefusalIsAProblem(String request, String headers, String body, int status, String detail)
      throws IOException {
    Answer answer =
        http().send(request, "Authorization: " + ServiceProfile.BASIC + "|" + headers, body);
    String path = request.split(" ")[1].split("\\?")[0];
    assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
    assertThat(answer.status()).isEqualTo(status);
    JsonNode problem = json(answer);
    assertThat(problem.get("type").asText()).isEqualTo("about:blank");
    assertThat(problem.get("title").asText()).isNotBlank();
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).contains(detail);
    assertThat(problem.get("instance").asText()).isEqualTo(path);
    assertThat(problem.get("notice").asText()).contains("Not for diagnostic use.");
    assertThat(problem.toString()).doesNotContain("SECRET");
  }

  @Test
  void whoIsNotSignedInIsToldSo() throws IOException {
    for (String headers :
        List.of("", "Authorization: " + ServiceProfile.basic("wrong"), "Authorization: Bearer x")) {
      Answer answer = http().send("GET /api/cases", headers, "");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers().get("www-authenticate")).isEqualTo("Basic realm=\"m2ib\"");
      assertThat(json(answer).get("detail").asText()).contains("Sign in");
      assertThat(json(answer).get("notice").asText()).isNotBlank();
    }
    Answer script = http().send("GET /api/cases", "X-Requested-With: XMLHttpRequest", "");
    assertThat(script.status()).isEqualTo(401);
    assertThat(script.headers()).doesNotContainKey("www-authenticate");
  }
}
