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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.security.ProviderClient.Pending;

/** What an identity provider may send, and what is not taken from it. */
class ProviderClientTest {
  private static final String SECRET = "a-secret-of-the-test-that-is-long";

  private final Pending pending = Pending.of("/models");
  private HttpServer server;
  private String url;
  private RsaJsonWebKey key;
  private volatile String idToken;

  @BeforeEach
  void start() throws Exception {
    key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("k1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    String keys = new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    serve("/.well-known/openid-configuration", () -> discovery());
    serve("/jwks", () -> keys);
    serve(
        "/token",
        () ->
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"" + idToken + "\"}");
    server.start();
  }

  private String discovery() {
    return """
        {"issuer":"%1$s","jwks_uri":"%1$s/jwks","token_endpoint":"%1$s/token",
         "authorization_endpoint":"%1$s/authorize","end_session_endpoint":"%1$s/end"}
        """
        .formatted(url);
  }

  private interface Answer {
    String get();
  }

  private void serve(String path, Answer answer) {
    server.createContext(path, exchange -> send(exchange, answer));
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = answer.get().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ProviderClient client() {
    return new ProviderClient(
        url,
        new CodeFlow(
            new CodeFlow.Settings(
                "m2ib",
                Optional.of(SECRET),
                Scope.parse("openid profile"),
                URI.create("https://m2ib.example/sign-in/oidc/return")),
            AuthorizationServer.openId(Optional.of(url), Optional.empty(), Clock.systemUTC()),
            Optional.empty()));
  }

  private JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setAudience("m2ib");
    claims.setSubject("1");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(5);
    claims.setClaim("nonce", pending.nonce().getValue());
    claims.setClaim("preferred_username", "mia");
    return claims;
  }

  private interface Change {
    void to(JwtClaims claims) throws Exception;
  }

  private String changed(Change change) throws Exception {
    JwtClaims claims = claims();
    change.to(claims);
    return TestIssuer.sign(claims.toJson(), key);
  }

  @Test
  void aCodeIsRedeemedWithItsVerifierAndTheClaimsOfTheTokenCount() throws Exception {
    idToken = changed(c -> {});
    ProviderClient client = client();
    String address = client.authorization(pending).toString();
    assertThat(address)
        .startsWith(url + "/authorize?")
        .contains("response_type=code", "code_challenge_method=S256")
        .doesNotContain(pending.verifier().getValue());

    ProviderClient.Vouched vouched = client.redeem("c1", pending);

    assertThat(vouched.claims().getClaim("preferred_username")).isEqualTo("mia");
    assertThat(client.signOut(vouched.idToken(), URI.create("https://m2ib.example/sign-in")))
        .hasValueSatisfying(
            there -> assertThat(there.toString()).contains("/end?", "id_token_hint="));
  }

  @Test
  void aTokenForAnotherServiceOrTimeOrByAnotherKeyIsRefused() throws Exception {
    JsonWebSignature shared = new JsonWebSignature();
    shared.setPayload(claims().toJson());
    shared.setKey(new HmacKey(SECRET.getBytes(StandardCharsets.UTF_8)));
    shared.setAlgorithmHeaderValue("HS256");
    for (String bad :
        List.of(
            changed(c -> c.setAudience("other")),
            changed(c -> c.setAudience(List.of("m2ib", "other"))), // without azp
            changed(c -> c.setIssuer("https://other.example")),
            changed(c -> c.setExpirationTimeMinutesInTheFuture(-5)),
            changed(c -> c.setClaim("nonce", "of another sign-in")),
            changed(c -> c.unsetClaim("nonce")),
            TestIssuer.sign(claims().toJson(), RsaJwkGenerator.generateJwk(2048)),
            shared.getCompactSerialization())) {
      idToken = bad;
      assertThatThrownBy(() -> client().redeem("c1", pending))
          .isInstanceOfSatisfying(
              ProviderException.class, e -> assertThat(e.isUnreachable()).isFalse());
    }
  }

  @Test
  void aProviderThatIsDownIsToldFromOneThatRefuses() {
    server.stop(0);
    assertThatThrownBy(() -> client().authorization(pending))
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.isUnreachable()).isTrue());
  }

  @Test
  void rolesComeFromAClaimByAMapping() {
    ClaimedRoles roles =
        ClaimedRoles.of(
            "realm.groups", List.of("Rad=reviewer", "Rad=arbiter", "a=b=administrator"));
    assertThat(roles.of(Map.of("realm", Map.of("groups", List.of("Rad", "x")))))
        .containsExactly("reviewer", "arbiter");
    assertThat(roles.of(Map.of("realm.groups", "a=b"))).containsExactly("administrator");
    assertThat(roles.of(Map.of("realm", "Rad"))).isEmpty();
    assertThat(roles.of(Map.of())).isEmpty();
    assertThat(ClaimedRoles.of("r", List.of()).of(Map.of("r", "reader service root")))
        .containsExactly("reader");
    for (String wrong : List.of("Rad", "=reader", "Rad=service", "Rad=")) {
      assertThatThrownBy(() -> ClaimedRoles.of("r", List.of(wrong))).hasMessageContaining("VALUE=");
    }
  }
}
