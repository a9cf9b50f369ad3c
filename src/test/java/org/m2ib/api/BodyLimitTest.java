package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.boot.RawHttp.chunk;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.Logged;
import org.m2ib.boot.RawHttp;
import org.m2ib.boot.RawHttp.Answer;
import org.m2ib.boot.ServiceProfile;

/** Bodies that are too large, cut off or broken, over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.Api.class)
class BodyLimitTest {
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final int LIMIT = 16 << 20;

  @TestHTTPResource("/")
  URI base;

  private Answer answer;

  private static String headers(String type, String more) {
    return "Authorization: " + ServiceProfile.BASIC + "|Content-Type: " + type + "|" + more;
  }

  private static String type(String request) {
    return request.contains("/fhir") ? "application/fhir+json" : "application/json";
  }

  /** White space before a JSON object, which counts. */
  private static List<String> chunks(int size, String end) {
    List<String> all = new ArrayList<>();
    String chunk = chunk(" ".repeat(1 << 16));
    all.addAll(Collections.nCopies(size >> 16, chunk));
    if (size % (1 << 16) > 0) {
      all.add(chunk(" ".repeat(size % (1 << 16))));
    }
    all.add(chunk(end));
    all.add(chunk(""));
    return all;
  }

  private Answer send(String request, String more, List<String> parts, boolean close)
      throws IOException {
    return new RawHttp(base).send(request, headers(type(request), more), parts, close);
  }

  /** Sends, and expects nothing in the log. */
  private Answer sendQuietly(Callable<Answer> request) throws Exception {
    String log =
        Logged.by("org.m2ib", () -> Logged.by("io.quarkus", () -> answer = request.call()));
    assertThat(log).isEmpty();
    return answer;
  }

  private static void assertRefused(String request, Answer answer) throws IOException {
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.headers()).containsEntry("connection", "close");
    String detail = "body: at most " + LIMIT + " bytes";
    if (request.contains("/fhir")) {
      OperationOutcome outcome =
          FhirContext.forR4Cached()
              .newJsonParser()
              .parseResource(OperationOutcome.class, answer.body());
      assertThat(outcome.getIssueFirstRep().getCode())
          .isEqualTo(OperationOutcome.IssueType.TOOLONG);
      assertThat(outcome.getIssueFirstRep().getDiagnostics()).isEqualTo(detail);
    } else {
      JsonNode problem = new ObjectMapper().readTree(answer.body());
      assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
      assertThat(problem.get("status").asInt()).isEqualTo(413);
      assertThat(problem.get("detail").asText()).isEqualTo(detail);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/reports",
        "POST /fhir/DiagnosticReport",
        "POST /fhir",
        "POST /api/cases/1/sentences/0/judgements"
      })
  void aChunkedBodyOverTheLimitIsRefusedWithAnExplanation(String request) throws Exception {
    for (int size : new int[] {LIMIT - 1, LIMIT + (3 << 20), LIMIT + (40 << 20)}) {
      assertRefused(request, sendQuietly(() -> send(request, CHUNKED, chunks(size, "{}"), false)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /api/reports", "POST /fhir/DiagnosticReport"})
  void aBodyOfExactlyTheLimitIsRead(String request) throws Exception {
    answer = send(request, CHUNKED, chunks(LIMIT - 2, "{}"), false);
    assertThat(answer.status()).isIn(400, 422);
    assertThat(answer.body()).doesNotContain("at most");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /api/reports", "POST /fhir/DiagnosticReport", "PUT /fhir/Device/1"})
  void aLengthOverTheLimitIsRefusedBeforeTheBody(String request) throws Exception {
    for (String length : List.of("16777217", "17825793", "9223372036854775807")) {
      assertRefused(
          request, sendQuietly(() -> send(request, "Content-Length: " + length, List.of(), false)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /api/reports", "POST /fhir/DiagnosticReport"})
  void aBodyThatIsCutOffIsNoFailureOfTheService(String request) throws Exception {
    String half = "{\"resourceType\": \"Diagnos";
    sendQuietly(() -> send(request, CHUNKED, List.of(chunk(half)), true));
    assertThat(answer.status()).isIn(0, 400);
    sendQuietly(() -> send(request, CHUNKED, List.of("FF\r\n" + half), true));
    assertThat(answer.status()).isIn(0, 400);
    sendQuietly(() -> send(request, "Content-Length: 1000", List.of(half), true));
    assertThat(answer.status()).isIn(0, 400);
    sendQuietly(() -> send(request, CHUNKED, List.of("not a size\r\n" + half), false));
    assertThat(answer.status()).isIn(0, 400);
    assertThat(new RawHttp(base).send("GET /q/health/live", "", "").status()).isEqualTo(200);
  }

  @Test
  void aMethodThatIsNotAllowedNamesThoseThatAre() throws Exception {
    assertThat(allowed("DELETE /api/cases")).isEqualTo("GET, HEAD");
    assertThat(allowed("FOO /api/cases")).isEqualTo("GET, HEAD");
    assertThat(allowed("GET /api/cases/1/redo")).isEqualTo("POST");
    assertThat(allowed("PUT /api/reports")).isEqualTo("POST");
    assertThat(allowed("PUT /api/cases/1/sentences/0/judgements")).isEqualTo("POST");
    assertThat(allowed("GET /api/cases/1/judgements/2")).isEqualTo("DELETE");
    assertThat(allowed("POST /api/arrivals")).isEqualTo("GET, HEAD");
    assertThat(allowed("GET /api/arrivals/12/retry")).isEqualTo("POST");
    assertThat(allowed("DELETE /models")).isEqualTo("GET, HEAD");
    assertThat(allowed("GET /sign-out")).isEqualTo("POST");
    assertThat(allowed("DELETE /assets/case.js")).isEqualTo("GET, HEAD");
    assertThat(allowed("POST /fhir/metadata")).isEqualTo("GET, HEAD");
  }

  private String allowed(String request) throws IOException {
    answer = new RawHttp(base).send(request, headers(type(request), ""), "");
    assertThat(answer.status()).as(request).isEqualTo(405);
    return answer.headers().get("allow");
  }
}
