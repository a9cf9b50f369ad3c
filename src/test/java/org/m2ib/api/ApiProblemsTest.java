package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal of {@code /api} is a problem (RFC 9457), whoever makes it. */
@QuarkusTest
@TestProfile(ApiProfile.class)
class ApiProblemsTest {
  private static final String CRLF = "\r\n";

  @TestHTTPResource("/")
  URI base;

  private record Answer(int status, Map<String, String> headers, JsonNode body) {}

  /** As bytes on a socket: no client corrects what is wrong in it. */
  private Answer send(String request, String headers, String body) throws IOException {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              (request + " HTTP/1.1" + CRLF + "Host: m2ib" + CRLF + "Connection: close" + CRLF)
                  .getBytes(StandardCharsets.UTF_8));
      String length = headers.contains("Content-Length") ? "" : "Content-Length: " + body.length();
      for (String header : (headers + "|" + length).split("\\|")) {
        if (!header.isBlank()) {
          socket.getOutputStream().write((header.strip() + CRLF).getBytes(StandardCharsets.UTF_8));
        }
      }
      socket.getOutputStream().write((CRLF + body).getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] parts = answer.split(CRLF + CRLF, 2);
      Map<String, String> named = new HashMap<>();
      for (String line : parts[0].split(CRLF)) {
        String[] header = line.split(": ", 2);
        named.put(header[0].toLowerCase(Locale.ROOT), header[header.length - 1]);
      }
      int status = Integer.parseInt(parts[0].split(" ")[1]);
      return new Answer(status, named, new ObjectMapper().readTree(parts[1]));
    }
  }

  private static String basic(String password) {
    byte[] credentials = ("admin:" + password).getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials) + "|";
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
    Answer answer = send(request, basic(ApiProfile.PASSWORD) + headers, body);
    String path = request.split(" ")[1].split("\\?")[0];
    assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
    assertThat(answer.status()).isEqualTo(status);
    JsonNode problem = answer.body();
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
    for (String headers : new String[] {"", basic("wrong"), "Authorization: Bearer x"}) {
      Answer answer = send("GET /api/cases", headers, "");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers().get("www-authenticate")).isEqualTo("Basic realm=\"m2ib\"");
      assertThat(answer.body().get("detail").asText()).contains("Sign in");
      assertThat(answer.body().get("notice").asText()).isNotBlank();
    }
    Answer script = send("GET /api/cases", "X-Requested-With: XMLHttpRequest", "");
    assertThat(script.status()).isEqualTo(401);
    assertThat(script.headers()).doesNotContainKey("www-authenticate");
  }
}
