package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.Scope;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.security.SmartClient.Pending;

/** What an electronic record may send about a launch, over real HTTP. */
class SmartClientTest {
  private final Pending pending = Pending.create();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private String base;
  private volatile int status = 200;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    base = "http://127.0.0.1:" + server.getAddress().getPort() + "/r4";
    answers.put(
        "/r4/.well-known/smart-configuration",
        "{\"authorization_endpoint\":\"%1$s/auth?tenant=a\",\"token_endpoint\":\"%1$s/token\"}"
            .formatted(base));
    answers.put(
        "/r4/ImagingStudy/s-1",
        """
        {"resourceType":"ImagingStudy","identifier":[{"system":"urn:x","value":"A1"},
         {"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}]}
        """);
    answers.put(
        "/r4/Patient/p1",
        """
        {"resourceType":"Patient","identifier":[{"system":"urn:insurance","value":"9"},
         {"type":{"coding":[{"code":"MR"}]},"system":"urn:mrn","value":"P 77&x"}]}
        """);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(path + " " + authorization + " " + body);
    byte[] answer = answers.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.getResponseHeaders().add("Location", base + "/elsewhere");
    int code = path.endsWith("configuration") || path.endsWith("token") ? 200 : status;
    exchange.sendResponseHeaders(answers.containsKey(path) ? code : 404, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private SmartClient client(Optional<String> patientIdSystem) {
    return new SmartClient(
        base + "/",
        patientIdSystem,
        new CodeFlow(
            new CodeFlow.Settings(
                "m2ib",
                Optional.empty(),
                Scope.parse("launch patient/Patient.rs"),
                URI.create("https://m2ib.example/launch/smart/return")),
            AuthorizationServer.smart(base, Optional.empty(), Clock.systemUTC()),
            Optional.empty()));
  }

  private Optional<String> target(String context) throws ProviderException {
    return target(context, Optional.empty());
  }

  private Optional<String> target(String context, Optional<String> system)
      throws ProviderException {
    answers.put("/r4/token", "{\"access_token\":\"T1\",\"token_type\":\"Bearer\"" + context + "}");
    return client(system).target("c1", pending);
  }

  @Test
  void theRecordIsAskedForTheLaunchAsAnAppOfItsFhirServer() throws Exception {
    SmartClient client = client(Optional.empty());
    assertThat(client.authorization("l 1", pending).toString())
        .startsWith(base + "/auth?")
        .contains(
            "launch=l+1", "response_type=code", "code_challenge_method=S256", "client_id=m2ib")
        .contains("aud=http%3A%2F%2F127.0.0.1")
        .doesNotContain(pending.verifier().getValue(), "r4%2F&");
    assertThat(client.isOf(base)).isTrue();
    assertThat(client.isOf(base + "/")).isTrue();
    for (String other : new String[] {null, "", base + "x", "https://evil.example/r4"}) {
      assertThat(client.isOf(other)).as(other).isFalse();
    }
  }

  @Test
  void theStudyOfTheContextIsOpenedElseThePatientIsLookedFor() throws Exception {
    String study = ",\"fhirContext\":[{\"reference\":\"Encounter/e\"},{\"reference\":\"%s\"}]";
    String patient = ",\"patient\":\"p1\"";
    assertThat(target(patient + study.formatted("ImagingStudy/s-1"))).hasValue("/open?study=1.2.3");
    assertThat(target(study.formatted(base + "/ImagingStudy/s-1"))).hasValue("/open?study=1.2.3");
    assertThat(asked).last().asString().startsWith("/r4/ImagingStudy/s-1 Bearer T1");
    assertThat(asked)
        .anySatisfy(
            request ->
                assertThat(request)
                    .startsWith("/r4/token null ")
                    .contains("code_verifier=" + pending.verifier().getValue(), "client_id=m2ib"));
    assertThat(target(patient)).hasValue("/?patient=P+77%26x");
    assertThat(target(patient, Optional.of("urn:insurance"))).hasValue("/?patient=9");
    assertThat(target("")).isEmpty();
    assertThat(target(",\"patient\":\"../metadata\"")).isEmpty();
    assertThat(target(study.formatted("https://evil.example/ImagingStudy/s-1"))).isEmpty();
  }

  @Test
  void whatTheRecordRefusesOrCannotBeUsedIsToldWithoutItsText() {
    for (int refused : new int[] {302, 401, 403, 500}) {
      status = refused;
      assertThatThrownBy(() -> target(",\"patient\":\"p1\""))
          .isInstanceOf(ProviderException.class)
          .hasMessage("the record answers %d to reading a Patient", refused);
    }
    assertThat(asked).noneMatch(request -> request.contains("elsewhere"));
    status = 200;
    for (String bad :
        List.of("", "[]", "{\"resourceType\":\"Patient\",\"identifier\":[]}", "{\"a\":1}")) {
      answers.put("/r4/Patient/p1", bad);
      assertThatThrownBy(() -> target(",\"patient\":\"p1\""))
          .as(bad)
          .isInstanceOfSatisfying(
              ProviderException.class, e -> assertThat(e.isUnreachable()).isFalse());
    }
    answers.put("/r4/ImagingStudy/s-1", "{\"resourceType\":\"ImagingStudy\"}");
    assertThatThrownBy(() -> target(",\"fhirContext\":[{\"reference\":\"ImagingStudy/s-1\"}]"))
        .hasMessage("the record's ImagingStudy has no DICOM UID");
    answers.put("/r4/token", "not JSON");
    assertThatThrownBy(() -> client(Optional.empty()).target("c1", pending))
        .hasMessage("the token endpoint's answer cannot be read");
  }

  @Test
  void aRecordThatIsDownIsToldFromOneThatRefuses() {
    server.stop(0);
    assertThatThrownBy(() -> client(Optional.empty()).authorization("l", pending))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.isUnreachable()).isTrue());
  }
}
