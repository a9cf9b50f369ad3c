package org.m2ib.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * An authorization server on a free loopback port: discovery, keys, introspection. It signs
 * whatever it is told.
 */
public final class TestIssuer {
  public static final String AUDIENCE = "https://m2ib.example/fhir";
  private static final String URL = "test.m2ib.issuer";

  private final String url;

  private TestIssuer(String url) {
    this.url = url;
  }

  /**
   * Returns this process's. A test and its profile may be loaded by different class loaders, which
   * share its URL.
   */
  public static synchronized TestIssuer shared() {
    if (System.getProperty(URL) == null) {
      try {
        System.setProperty(URL, start());
      } catch (JoseException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return new TestIssuer(System.getProperty(URL));
  }

  private static String start() throws JoseException, IOException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("k1");
    key.setUse("sig");
    Map<String, String> opaque = new ConcurrentHashMap<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    String discovery =
        """
        {"issuer":"%1$s","jwks_uri":"%1$s/jwks","token_endpoint":"%1$s/token",
         "introspection_endpoint":"%1$s/introspect",
         "token_endpoint_auth_methods_supported":["private_key_jwt"],
         "token_endpoint_auth_signing_alg_values_supported":["RS384","ES384"]}
        """
            .formatted(url);
    String keys = new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    serve(server, "/.well-known/openid-configuration", body -> discovery);
    serve(server, "/jwks", body -> keys);
    serve(server, "/sign", claims -> sign(claims, key));
    serve(
        server,
        "/opaque",
        body -> {
          String[] lines = body.split("\n");
          opaque.put(lines[0], lines[1]);
          return "{}";
        });
    serve(
        server,
        "/introspect",
        body ->
            opaque.getOrDefault(
                body.replaceFirst("(?s).*\\btoken=([^&]*).*", "$1"), "{\"active\":false}"));
    server.start();
    return url;
  }

  private static void serve(HttpServer server, String path, UnaryOperator<String> answer) {
    server.createContext(path, exchange -> send(exchange, answer));
  }

  private static void send(HttpExchange exchange, UnaryOperator<String> answer) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] body = answer.apply(asked).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String post(String path, String body) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(url + path))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public String url() {
    return url;
  }

  /** Returns claims that are accepted, to be changed. */
  public JwtClaims claims(String scopes) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url);
    claims.setAudience(AUDIENCE);
    claims.setSubject("archive");
    claims.setExpirationTimeMinutesInTheFuture(5);
    claims.setIssuedAtToNow();
    claims.setGeneratedJwtId();
    claims.setClaim("client_id", "archive");
    claims.setClaim("scope", scopes);
    return claims;
  }

  public String token(String scopes) {
    return sign(claims(scopes));
  }

  public String sign(JwtClaims claims) {
    return post("/sign", claims.toJson());
  }

  /** Signs with a key that may not be the issuer's. */
  static String sign(String claims, RsaJsonWebKey key) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims);
    signature.setKey(key.getPrivateKey());
    signature.setKeyIdHeaderValue("k1");
    signature.setAlgorithmHeaderValue("RS256");
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a token known to introspection (RFC 7662). */
  public void opaque(String token, String answer) {
    post("/opaque", token + "\n" + answer);
  }
}
