package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.boot.ServiceProfile.BASIC;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.fhir.export.Export;
import org.m2ib.fhir.export.ExportStore;

/** What access tokens open, over HTTP. */
@QuarkusTest
@TestProfile(TokenAccessTest.Tokens.class)
class TokenAccessTest {
  private static final String JSON = "application/fhir+json";
  private static final TestIssuer ISSUER = TestIssuer.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** The service with an authorization server. */
  public static final class Tokens extends ServiceProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(super.getConfigOverrides());
      all.put("m2ib.oauth.issuer", TestIssuer.shared().url());
      all.put("m2ib.oauth.audience", TestIssuer.AUDIENCE);
      all.put("m2ib.oauth.client-id", "m2ib");
      all.put("m2ib.oauth.client-secret", "m2ib-secret");
      return all;
    }
  }

  @Inject ExportStore exports;

  @TestHTTPResource("/")
  URI base;

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("Content-Type", JSON));
    all.addAll(Arrays.asList(headers));
    return CLIENT.send(
        HttpRequest.newBuilder(base.resolve(path))
            .headers(all.toArray(String[]::new))
            .method(
                method,
                method.equals("POST")
                    ? HttpRequest.BodyPublishers.ofString(body(path))
                    : HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private static String body(String path) {
    String report =
        """
        {"resourceType":"DiagnosticReport","status":"final","code":{"text":"Chest"},
         "identifier":[{"system":"urn:r","value":"T1"}],"conclusion":"Impression: No effusion.",
         "imagingStudy":[{"identifier":{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}}]}
        """;
    return path.equals("/fhir")
        ? """
          {"resourceType":"Bundle","type":"batch","entry":[{"resource":%s,
           "request":{"method":"POST","url":"DiagnosticReport"}}]}
          """
            .formatted(report)
        : report;
  }

  private HttpResponse<String> withToken(String token, String method, String path)
      throws Exception {
    return send(method, path, "Authorization", "Bearer " + token);
  }

  private static String challenge(HttpResponse<String> answer) {
    return String.join(", ", answer.headers().allValues("WWW-Authenticate"));
  }

  @ParameterizedTest
  @CsvSource({
    "system/Observation.read,    GET,  /fhir/Observation, 200",
    "system/Observation.rs,      GET,  /fhir/Observation, 200",
    "system/Observation.s,       GET,  /fhir/Observation, 200",
    "system/Observation.r,       GET,  /fhir/Observation, 403",
    "system/*.cruds,             GET,  /fhir/Observation, 200",
    "system/*.*,                 GET,  /fhir/Device, 200",
    "system/Device.rs,           GET,  /fhir/Observation, 403",
    "system/Observation.write,   GET,  /fhir/Observation, 403",
    "system/Observation.s,       GET,  /fhir/Observation/none, 403",
    "system/Observation.r,       GET,  /fhir/Observation/none, 404",
    "system/Observation.r,       GET,  /fhir/Observation/none/_history, 404",
    "system/Observation.r,       GET,  /fhir/Observation/none/_history/1, 404",
    "system/Observation.rs,      GET,  /fhir/Observation?_include=Observation:device, 403",
    "system/Observation.rs system/Device.s, GET, /fhir/Observation?_include=Observation:device, 200",
    "system/Observation.rs,      GET,  /fhir/Observation?_revinclude=Provenance:target, 403",
    "system/Observation.rs,      GET,  /fhir/Observation?device.identifier=x%7C1, 403",
    "system/Observation.rs system/Device.rs, GET, /fhir/Observation?device.identifier=x%7C1, 200",
    "system/Provenance.rs,       GET,  /fhir/Provenance?patient:identifier=x%7C1, 403",
    "patient/Observation.rs,     GET,  /fhir/Observation, 403",
    "user/*.cruds,               GET,  /fhir/Observation, 403",
    "system/Observation.rs?code=attribution, GET, /fhir/Observation, 403",
    "system/Observation.sr,      GET,  /fhir/Observation, 403",
    "openid,                     GET,  /fhir/metadata, 200",
    "system/*.rs,                POST, /fhir/DiagnosticReport, 403",
    "system/DiagnosticReport.c,  POST, /fhir/DiagnosticReport, 201",
    "system/*.cruds,             GET,  /api/cases, 403",
    "m2ib/api.write,             GET,  /api/cases, 403",
    "m2ib/api.read,              GET,  /api/cases, 200",
    "m2ib/api.read,              GET,  /fhir/Observation, 403",
    "m2ib/api.read,              POST, /api/reports, 403",
    "m2ib/api.read,              GET,  /q/metrics, 200",
    "system/*.cruds,             GET,  /q/metrics, 403",
    "m2ib/api.read,              GET,  /, 403",
    "m2ib/api.read,              GET,  /q/health/live, 200",
  })
  void aTokenOpensWhatItsScopesSay(String scopes, String method, String path, int status)
      throws Exception {
    HttpResponse<String> answer = withToken(ISSUER.token(scopes), method, path);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    if (status == 403) {
      assertThat(challenge(answer)).contains("error=\"insufficient_scope\"", "scope=\"");
      String missing = challenge(answer).replaceFirst(".*scope=\"(.*)\"", "$1");
      assertThat(answer.body()).contains(missing);
      assertThat(answer.body().contains("OperationOutcome")).isEqualTo(path.startsWith("/fhir"));
    }
  }

  @Test
  void eachEntryOfABundleIsCheckedByItself() throws Exception {
    HttpResponse<String> refused = withToken(ISSUER.token("system/*.rs"), "POST", "/fhir");
    assertThat(refused.statusCode()).isEqualTo(200);
    assertThat(refused.body()).contains("\"403\"", "system/DiagnosticReport.c");
    assertThat(withToken(ISSUER.token("system/*.c"), "POST", "/fhir").body())
        .contains("201 Created");
  }

  @Test
  void aConditionIsASearch() throws Exception {
    String[] condition = {"If-None-Exist", "identifier=urn:r|T2"};
    String token = "Bearer " + ISSUER.token("system/DiagnosticReport.c");
    assertThat(
            send(
                    "POST",
                    "/fhir/DiagnosticReport",
                    "Authorization",
                    token,
                    condition[0],
                    condition[1])
                .statusCode())
        .isEqualTo(403);
  }

  private interface Change {
    void to(JwtClaims claims) throws Exception;
  }

  private String changed(Change change) throws Exception {
    JwtClaims claims = ISSUER.claims("system/*.cruds");
    change.to(claims);
    return ISSUER.sign(claims);
  }

  @Test
  void aTokenThatIsNotForThisServiceOpensNothing() throws Exception {
    String good = ISSUER.token("system/*.cruds");
    String none =
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + good.split("\\.")[1]
            + ".";
    List<String> bad =
        List.of(
            changed(c -> c.setAudience("https://other.example/fhir")),
            changed(c -> c.unsetClaim("aud")),
            changed(c -> c.setIssuer("https://other.example")),
            changed(c -> c.unsetClaim("iss")),
            changed(c -> c.setExpirationTimeMinutesInTheFuture(-5)),
            changed(c -> c.unsetClaim("exp")),
            TestIssuer.sign(
                ISSUER.claims("system/*.cruds").toJson(), RsaJwkGenerator.generateJwk(2048)),
            none,
            good.substring(0, good.length() - 8) + "AAAAAAAA",
            "not-a-token");
    for (String token : bad) {
      for (String path : List.of("/fhir/Observation", "/api/cases", "/q/metrics")) {
        HttpResponse<String> answer = withToken(token, "GET", path);
        assertThat(answer.statusCode()).as(bad.indexOf(token) + path).isEqualTo(401);
        if (!path.startsWith("/q")) {
          assertThat(challenge(answer)).contains("Bearer", "error=\"invalid_token\"");
          assertThat(answer.body()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void anOpaqueTokenIsAskedAboutAndItsAudienceCheckedToo() throws Exception {
    String answer = "{\"active\":true,\"client_id\":\"a\",\"scope\":\"%s\",\"aud\":%s}";
    String ours = '"' + TestIssuer.AUDIENCE + '"';
    ISSUER.opaque("one", answer.formatted("system/Observation.rs", ours));
    ISSUER.opaque("two", answer.formatted("system/Observation.rs", "[\"x\"," + ours + "]"));
    ISSUER.opaque("other", answer.formatted("system/Observation.rs", "\"x\""));

    assertThat(withToken("one", "GET", "/fhir/Observation").statusCode()).isEqualTo(200);
    assertThat(withToken("two", "GET", "/fhir/Observation").statusCode()).isEqualTo(200);
    assertThat(withToken("one", "GET", "/fhir/Device").statusCode()).isEqualTo(403);
    assertThat(withToken("other", "GET", "/fhir/Observation").statusCode()).isEqualTo(401);
  }

  @Test
  void theUserSignsInAsBeforeAndWithoutCredentialsBothWaysAreNamed() throws Exception {
    assertThat(send("GET", "/fhir/Observation", "Authorization", BASIC).statusCode())
        .isEqualTo(200);
    for (String path : List.of("/fhir/Observation", "/api/cases")) {
      HttpResponse<String> answer = send("GET", path);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(challenge(answer)).contains("Basic realm", "Bearer realm").doesNotContain("error");
    }
    assertThat(send("GET", "/fhir/Observation", "Accept", "application/fhir+xml").body())
        .startsWith("<OperationOutcome");
  }

  @Test
  void anExportIsForItsClientAndTheTypesOfItsScopes() throws Exception {
    for (String client : List.of("system archive", "system other")) {
      Export export =
          new Export(
              UUID.nameUUIDFromBytes(client.getBytes(StandardCharsets.UTF_8)),
              client,
              "https://m2ib.example/fhir/$export",
              List.of("Device"),
              Instant.EPOCH,
              Instant.now(),
              Instant.now().plusSeconds(600),
              Export.Status.COMPLETE,
              "Device",
              "d");
      exports.add(export);
      String path = "/fhir/export/" + export.id();
      boolean own = client.endsWith("archive");
      for (String method : List.of("GET", "DELETE")) {
        String token = ISSUER.token("system/*.rs");
        assertThat(withToken(token, method, path).statusCode())
            .as(client + method)
            .isEqualTo(own ? method.equals("GET") ? 200 : 202 : 404);
      }
      assertThat(send("GET", path).statusCode()).isEqualTo(401);
    }
    String prefer = "respond-async";
    String begin = "/fhir/$export?_type=Device";
    for (String scopes : List.of("system/Observation.rs", "system/Device.rs")) {
      String token = "Bearer " + ISSUER.token(scopes);
      assertThat(send("GET", begin, "Authorization", token, "Prefer", prefer).statusCode())
          .isEqualTo(scopes.contains("Device") ? 202 : 403);
    }
  }

  @Test
  void clientsFindWhereToGetATokenWithoutOne() throws Exception {
    HttpResponse<String> answer = send("GET", "/fhir/.well-known/smart-configuration");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"token_endpoint\":\"" + ISSUER.url() + "/token\"",
            "client_credentials",
            "private_key_jwt",
            "permission-v2");
    assertThat(send("GET", "/fhir/metadata").body())
        .contains("SMART-on-FHIR", "oauth-uris", ISSUER.url() + "/token");
  }
}
