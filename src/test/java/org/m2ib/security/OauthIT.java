package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.OauthServer;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** The packaged service with an authorization server that is not ours. */
class OauthIT {
  private static final String AUDIENCE = "https://m2ib.example/fhir";

  @TempDir Path folder;

  private static HttpResponse<String> get(String url, String token) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aBackendServiceFindsTheTokenEndpointSignsInAndReadsWhatItsScopesOpen() throws Exception {
    int port = Peers.freePort();
    String issuer = "http://127.0.0.1:" + port;
    Map<String, String> settings =
        Map.of("m2ib.oauth.issuer", issuer, "m2ib.oauth.audience", AUDIENCE);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings)) {
      service.start(); // without the authorization server: it comes later
      String configuration = service.url() + "/fhir/.well-known/smart-configuration";
      assertThat(get(configuration, null).statusCode()).isEqualTo(503);
      HttpResponse<String> early = get(service.url() + "/fhir/Observation", "a.b.c");
      assertThat(early.statusCode()).as(early.body()).isEqualTo(503);
      assertThat(early.body()).contains("OperationOutcome", "transient");
      assertThat(service.get("/fhir/Observation").statusCode()).as("by password").isEqualTo(200);

      try (OauthServer server = OauthServer.start(folder, port)) {
        Peers.await(
            "the token endpoint",
            Duration.ofMinutes(1),
            () -> get(configuration, null).statusCode() == 200);
        JsonNode smart = new ObjectMapper().readTree(get(configuration, null).body());
        String endpoint = smart.get("token_endpoint").asText();
        String token = server.token(endpoint, issuer, AUDIENCE, "system/Observation.rs");

        Peers.await(
            "the token to be accepted",
            Duration.ofMinutes(1),
            () -> get(service.url() + "/fhir/Observation", token).statusCode() == 200);
        HttpResponse<String> refused = get(service.url() + "/fhir/Device", token);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("system/Device.s");
        assertThat(get(service.url() + "/api/cases", token).statusCode()).isEqualTo(403);

        String api = server.token(endpoint, issuer, AUDIENCE, "m2ib/api.read");
        assertThat(get(service.url() + "/api/cases", api).statusCode()).isEqualTo(200);
        String other =
            server.token(endpoint, issuer, "https://other.example/fhir", "system/Observation.rs");
        assertThat(get(service.url() + "/fhir/Observation", other).statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  void anIssuerWithoutAnAudienceIsRefusedAtTheStart() throws Exception {
    Map<String, String> settings = Map.of("m2ib.oauth.issuer", "http://127.0.0.1:1");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings)) {
      assertThat(service.refusal()).contains("m2ib.oauth.audience is missing");
    }
  }
}
