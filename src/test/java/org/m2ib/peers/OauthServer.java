package org.m2ib.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * The npm package oidc-provider as a process of its own, with one client that authenticates as
 * SMART backend services do: by a JWT that its private key signed.
 */
public final class OauthServer implements AutoCloseable {
  private final NodeServer server;
  private final RsaJsonWebKey key;

  private OauthServer(NodeServer server, RsaJsonWebKey key) {
    this.server = server;
    this.key = key;
  }

  public static OauthServer start(Path folder, int port)
      throws IOException, InterruptedException, JoseException {
    return start(folder, port, new String[0]);
  }

  /**
   * As {@link #start(Path, int)}; people sign in there too, as the issuer {@code
   * http://localhost:port}.
   *
   * @param service URL of the service to which they come back
   */
  public static OauthServer startForPeople(Path folder, int port, String service)
      throws IOException, InterruptedException, JoseException {
    OauthServer server = start(folder, port, service);
    URI discovery = URI.create("http://localhost:" + port + "/.well-known/openid-configuration");
    Peers.await(
        "the OpenID provider",
        Duration.ofMinutes(1),
        () ->
            HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(discovery).build(),
                        HttpResponse.BodyHandlers.discarding())
                    .statusCode()
                == 200);
    return server;
  }

  private static OauthServer start(Path folder, int port, String... service)
      throws IOException, InterruptedException, JoseException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("archive-1");
    Path file = folder.resolve("client-key.json");
    Files.writeString(file, key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
    List<String> arguments = new ArrayList<>(List.of(String.valueOf(port), file.toString()));
    arguments.addAll(List.of(service));
    return new OauthServer(
        NodeServer.start("oauth-provider", folder, arguments.toArray(String[]::new)), key);
  }

  /**
   * Gets an access token (SMART App Launch 2, backend services).
   *
   * @param endpoint token endpoint
   * @param issuer audience of the client's assertion
   */
  public String token(String endpoint, String issuer, String audience, String scopes)
      throws IOException, InterruptedException, JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer("archive");
    claims.setSubject("archive");
    claims.setAudience(issuer);
    claims.setExpirationTimeMinutesInTheFuture(4);
    claims.setGeneratedJwtId();
    JsonWebSignature assertion = new JsonWebSignature();
    assertion.setPayload(claims.toJson());
    assertion.setKey(key.getPrivateKey());
    assertion.setKeyIdHeaderValue(key.getKeyId());
    assertion.setAlgorithmHeaderValue("RS384");
    String form =
        "grant_type=client_credentials&client_assertion_type="
            + encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            + "&client_assertion="
            + assertion.getCompactSerialization()
            + "&resource="
            + encode(audience)
            + "&scope="
            + encode(scopes);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(endpoint))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("no token: " + answer.body());
    }
    return new ObjectMapper().readTree(answer.body()).get("access_token").asText();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
