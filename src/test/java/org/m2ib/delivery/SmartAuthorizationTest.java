package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.SuppliedClock;

/** With a fake of a token endpoint over real HTTP. */
class SmartAuthorizationTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Map<String, String>> requests = new ArrayList<>();
  private Instant now = NOW;
  private HttpServer server;
  private ECKey key;
  private volatile int status = 200;
  private volatile String body =
      "{\"access_token\":\"T1\",\"token_type\":\"bearer\",\"expires_in\":300}";
  private volatile String configuration;
  private volatile String retryAfter = "";
  private volatile boolean silent;
  private Duration timeout = Duration.ofSeconds(20);

  @BeforeEach
  void start() throws Exception {
    key = new ECKeyGenerator(Curve.P_384).keyID("k1").generate();
    Files.writeString(folder.resolve("key.jwk"), key.toJSONString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext("/token", this::token);
    server.createContext(
        "/fhir/.well-known/smart-configuration", exchange -> answer(exchange, 200, configuration));
    server.start();
    configuration = "{\"token_endpoint\":\"" + url("/token") + "\"}";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void token(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        Arrays.stream(form.split("&"))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8))));
    if (!retryAfter.isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", retryAfter);
    }
    if (silent) {
      exchange.sendResponseHeaders(200, 500); // and nothing of them
      return;
    }
    answer(exchange, status, body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private SmartAuthorization authorization(Optional<String> tokenUrl) {
    Clock clock = new SuppliedClock(() -> now);
    return new SmartAuthorization(
        new SmartAuthorization.Settings(
            url("/fhir/"),
            tokenUrl,
            "m2ib",
            folder.resolve("key.jwk"),
            "system/Observation.cu system/Device.cu",
            timeout),
        clock);
  }

  private DeliveryException failure(SmartAuthorization authorization) {
    return catchThrowableOfType(DeliveryException.class, () -> authorization.field(client));
  }

  @Test
  void aSignedAssertionGetsATokenFromTheEndpointThatTheServerNames() throws Exception {
    assertThat(authorization(Optional.empty()).field(client)).hasValue("Bearer T1");
    Map<String, String> form = requests.get(0);
    assertThat(form)
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("scope", "system/Observation.cu system/Device.cu")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
    assertThat(assertion.verify(new ECDSAVerifier(key.toECPublicKey()))).isTrue();
    assertThat(assertion.getHeader().getAlgorithm().getName()).isEqualTo("ES384");
    assertThat(assertion.getHeader().getKeyID()).isEqualTo("k1");
    var claims = assertion.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("m2ib").isEqualTo(claims.getSubject());
    assertThat(claims.getAudience()).containsExactly(url("/token"));
    assertThat(claims.getJWTID()).isNotBlank();
    assertThat(claims.getExpirationTime())
        .isAfter(Date.from(NOW))
        .isBeforeOrEqualTo(Date.from(NOW.plus(Duration.ofMinutes(5))));
  }

  @Test
  void aTokenIsKeptUntilItEndsOrIsRefused() throws Exception {
    SmartAuthorization authorization = authorization(Optional.of(url("/token")));
    authorization.field(client);
    now = NOW.plusSeconds(260);
    authorization.field(client);
    assertThat(requests).hasSize(1);
    now = NOW.plusSeconds(280);
    authorization.field(client);
    assertThat(requests).as("about to expire").hasSize(2);
    assertThat(requests.get(0).get("client_assertion"))
        .isNotEqualTo(requests.get(1).get("client_assertion"));
    authorization.refused();
    authorization.field(client);
    assertThat(requests).as("refused").hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "400, '{\"error\":\"invalid_scope\",\"error_description\":\"SECRET\"}', invalid_scope, 3",
    "401, '{\"error\":\"invalid_client\"}', invalid_client, 3",
    "400, '{}', HTTP 400, 3",
    "403, <html>SECRET</html>, HTTP 403, 3"
  })
  void aRefusalNamesItsCode(int code, String answer, String named, int mostTries) {
    status = code;
    body = answer;
    DeliveryException failure = failure(authorization(Optional.of(url("/token"))));
    assertThat(failure).hasMessageContaining(named).hasMessageContaining("m2ib.fhir.client-id");
    assertThat(failure.getMessage()).doesNotContain("SECRET");
    assertThat(failure.mostTries()).isEqualTo(mostTries);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>SECRET</html>", "[]", "{\"access_token\":\"SECRET\"}"})
  void anAnswerWithoutATokenIsNoToken(String answer) {
    body = answer;
    DeliveryException failure = failure(authorization(Optional.of(url("/token"))));
    assertThat(failure).hasMessageContaining("without a token");
    assertThat(failure.getMessage()).doesNotContain("SECRET");
  }

  @ParameterizedTest
  @CsvSource({
    "503, '{\"error\":\"temporarily_unavailable\"}'",
    "500, <html>SECRET</html>",
    "429, '{\"error\":\"slow_down\"}'"
  })
  void aBusyEndpointIsAskedAgainWhenItWantsTo(int code, String answer) {
    status = code;
    body = answer;
    retryAfter = "7";
    DeliveryException failure = failure(authorization(Optional.of(url("/token"))));
    assertThat(failure).hasMessageContaining("the token endpoint").hasMessageContaining("" + code);
    assertThat(failure.getMessage()).doesNotContain("SECRET").doesNotContain("client-id");
    assertThat(failure.mostTries()).isEqualTo(Integer.MAX_VALUE);
    assertThat(failure.notBefore()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void anEndpointThatRedirectsIsToBeNamedAnew() {
    status = 302;
    body = "";
    DeliveryException failure = failure(authorization(Optional.of(url("/token"))));
    assertThat(failure).hasMessageContaining("302").hasMessageContaining("set m2ib.fhir.token-url");
    assertThat(failure.mostTries()).isEqualTo(1);
  }

  @Test
  void aTokenThatNoHeaderCanHaveIsNotKept() throws Exception {
    SmartAuthorization authorization = authorization(Optional.of(url("/token")));
    String good = body;
    body = good.replace("T1", "SECRET\\nT1");
    DeliveryException failure = failure(authorization);
    assertThat(failure).hasMessageContaining("a token that no HTTP header can have");
    assertThat(failure.getMessage()).doesNotContain("SECRET");
    body = good;
    assertThat(authorization.field(client)).hasValue("Bearer T1");
  }

  @Test
  void anEndpointThatIsSilentWithinItsAnswerIsNotWaitedForForever() {
    silent = true;
    timeout = Duration.ofSeconds(1);
    assertThat(failure(authorization(Optional.of(url("/token")))))
        .hasMessageContaining("the token endpoint")
        .hasMessageContaining("no complete answer within 1.0 s");
  }

  @Test
  void anEndpointThatIsNotThereIsExplained() {
    server.stop(0);
    assertThat(failure(authorization(Optional.of(url("/token")))))
        .hasMessageContaining("the token endpoint")
        .hasMessageContaining("refuses connections");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"expires_in\":\"300\"", ",\"expires_in\":9223372036854775807"})
  void aLifetimeMayBeMissingATextOrEndless(String lifetime) throws Exception {
    body = "{\"access_token\":\"T1\",\"token_type\":\"bearer\"" + lifetime + "}";
    SmartAuthorization authorization = authorization(Optional.of(url("/token")));
    assertThat(authorization.field(client)).hasValue("Bearer T1");
    assertThat(authorization.field(client)).hasValue("Bearer T1");
    assertThat(requests).hasSize(1);
  }

  @Test
  void aServerWithoutSmartConfigurationNeedsTheEndpoint() {
    configuration = "{}";
    assertThat(failure(authorization(Optional.empty())))
        .hasMessageContaining("set m2ib.fhir.token-url");
  }

  @Test
  void aKeyThatCannotSignIsNamedAndNotShown() throws Exception {
    Path file = folder.resolve("key.jwk");
    SmartAuthorization authorization = authorization(Optional.of(url("/token")));
    for (JWK bad :
        List.of(
            key.toPublicJWK(),
            new ECKeyGenerator(Curve.P_256).generate(),
            new OctetSequenceKeyGenerator(256).keyID("k2").generate())) {
      Files.writeString(file, bad.toJSONString());
      assertThat(failure(authorization)).hasMessageContaining("m2ib.fhir.client-key");
    }
    Files.writeString(file, "no key");
    assertThat(failure(authorization)).hasMessageContaining("not a JSON Web Key");
    Files.delete(file);
    assertThat(failure(authorization)).hasMessageContaining("cannot be read");
  }
}
