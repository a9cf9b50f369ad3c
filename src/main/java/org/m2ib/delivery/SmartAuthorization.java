package org.m2ib.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.m2ib.base.HttpUrl;

/**
 * SMART Backend Services (HL7 SMART App Launch 2.2, backend-services): an access token by client
 * credentials, with an assertion signed by our private key (RFC 7523). Tokens are kept until
 * shortly before they expire. Messages of exceptions have the error code of the token endpoint,
 * never its text, a token or a key. Thread-safe.
 */
public final class SmartAuthorization implements HttpAuthorization {
  private static final String WELL_KNOWN = "/.well-known/smart-configuration";
  private static final int LONGEST_ANSWER = 1 << 20;

  /** SMART allows at most five minutes. */
  private static final Duration ASSERTION = Duration.ofMinutes(4);

  /** A token is not used in its last moments: it must still be valid when it arrives. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** For a server that does not say how long its token lives. */
  private static final long SHORT_SECONDS = 60;

  /** Some servers name the largest number for a token that never ends. */
  private static final long LONG_SECONDS = Duration.ofDays(1).toSeconds();

  /** The characters of RFC 6750 2.1, and others that a header can have. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  private static final int REFUSED_TRIES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param fhirUrl base URL of the FHIR server
   * @param tokenUrl the token endpoint; absent: what the server's SMART configuration says
   * @param clientId as registered there
   * @param key file with our private key, a JSON Web Key with {@code kid}
   * @param scope space-separated
   * @param timeout of one request
   */
  public record Settings(
      String fhirUrl,
      Optional<String> tokenUrl,
      String clientId,
      Path key,
      String scope,
      Duration timeout) {}

  private final Settings settings;
  private final Clock clock;
  private String token;
  private Instant until = Instant.MIN;

  public SmartAuthorization(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<String> field(HttpClient client) throws DeliveryException {
    if (token == null || !clock.instant().isBefore(until)) {
      request(client);
    }
    return Optional.of("Bearer " + token);
  }

  @Override
  public synchronized void refused() {
    token = null;
  }

  private void request(HttpClient client) throws DeliveryException {
    token = null;
    URI endpoint = endpoint(client);
    TokenRequest request =
        new TokenRequest.Builder(endpoint, assertion(endpoint), new ClientCredentialsGrant())
            .scope(Scope.parse(settings.scope()))
            .build();
    HttpRequest.Builder http =
        HttpRequest.newBuilder(endpoint)
            .POST(HttpRequest.BodyPublishers.ofString(request.toHTTPRequest().getBody()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
    HttpResponse<byte[]> answer = send(client, http, "the token endpoint");
    try {
      if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
        throw busy(endpoint, answer);
      }
      if (answer.statusCode() / 100 == 3) {
        throw DeliveryException.lasting(
            ("the token endpoint %s answered HTTP %d: it redirects to another address; set"
                    + " m2ib.fhir.token-url to that address")
                .formatted(endpoint, answer.statusCode()),
            1);
      }
      HTTPResponse response = new HTTPResponse(answer.statusCode());
      response.setHeader("Content-Type", "application/json");
      response.setBody(new String(answer.body(), StandardCharsets.UTF_8));
      TokenResponse parsed = TokenResponse.parse(response);
      if (!parsed.indicatesSuccess()) {
        String code = parsed.toErrorResponse().getErrorObject().getCode();
        String safe =
            code != null && code.matches("[a-z_]{1,40}") ? code : "HTTP " + answer.statusCode();
        String problem =
            "the token endpoint %s refuses us: %s; check m2ib.fhir.client-id, client-key and scope"
                .formatted(endpoint, safe);
        throw DeliveryException.lasting(problem, REFUSED_TRIES)
            .answered(DeliveryException.Answer.UNAUTHORISED);
      }
      AccessToken access = parsed.toSuccessResponse().getTokens().getAccessToken();
      if (!TOKEN.matcher(access.getValue()).matches()) { // kept, it would fail every request
        throw new DeliveryException(
            "the token endpoint %s answered with a token that no HTTP header can have"
                .formatted(endpoint));
      }
      token = access.getValue();
      long seconds =
          access.getLifetime() > 0 ? Math.min(access.getLifetime(), LONG_SECONDS) : SHORT_SECONDS;
      until = clock.instant().plusSeconds(seconds).minus(MARGIN);
    } catch (ParseException e) {
      throw new DeliveryException(
          "the token endpoint %s answered HTTP %d without a token"
              .formatted(endpoint, answer.statusCode()));
    }
  }

  /** Says nothing of us: it may let us later. */
  private DeliveryException busy(URI endpoint, HttpResponse<byte[]> answer) {
    Duration pause =
        RetryAfter.parse(answer.headers().firstValue("Retry-After").orElse(""), clock.instant());
    String problem =
        "the token endpoint %s answered HTTP %d%s"
            .formatted(
                endpoint,
                answer.statusCode(),
                pause.isZero() ? "" : ", try again in " + pause.toSeconds() + " s");
    return DeliveryException.busy(problem, pause);
  }

  private URI endpoint(HttpClient client) throws DeliveryException {
    String found = settings.tokenUrl().orElse("");
    if (found.isEmpty()) {
      String url = settings.fhirUrl().replaceFirst("/+$", "") + WELL_KNOWN;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri(url, "m2ib.fhir.url")).header("Accept", "application/json");
      HttpResponse<byte[]> answer = send(client, request, "the SMART configuration");
      found = answer.statusCode() == 200 ? tokenEndpoint(answer.body()) : "";
      if (found.isEmpty()) {
        throw new DeliveryException(
            url + " names no token_endpoint: set m2ib.fhir.token-url to the token endpoint");
      }
    }
    return uri(found, "m2ib.fhir.token-url");
  }

  private static String tokenEndpoint(byte[] body) {
    try {
      JsonNode configuration = JSON.readTree(body);
      return configuration.path("token_endpoint").asText("");
    } catch (IOException e) {
      return "";
    }
  }

  private static URI uri(String text, String key) throws DeliveryException {
    return HttpUrl.parse(text)
        .orElseThrow(() -> DeliveryException.lasting(key + " is not an http or https URL", 1));
  }

  /** The audience is the token endpoint, the issuer and the subject are us. */
  private PrivateKeyJWT assertion(URI endpoint) throws DeliveryException {
    JWK key = key();
    Instant now = clock.instant();
    try {
      JWSAlgorithm algorithm = algorithm(key);
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .issuer(settings.clientId())
              .subject(settings.clientId())
              .audience(endpoint.toString())
              .jwtID(UUID.randomUUID().toString())
              .issueTime(Date.from(now))
              .expirationTime(Date.from(now.plus(ASSERTION)))
              .build();
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(algorithm)
                  .keyID(key.getKeyID())
                  .type(JOSEObjectType.JWT)
                  .build(),
              claims);
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, algorithm);
      jwt.sign(signer);
      return new PrivateKeyJWT(jwt);
    } catch (JOSEException | IllegalArgumentException e) {
      throw keyProblem("cannot sign: it must be a private RSA or EC key");
    }
  }

  /** RS384 and ES384 are those that every server supports. */
  private static JWSAlgorithm algorithm(JWK key) {
    if (key.getAlgorithm() != null) {
      return JWSAlgorithm.parse(key.getAlgorithm().getName());
    }
    return switch (key.getKeyType().getValue()) {
      case "EC" ->
          switch (key.toECKey().getCurve().getName()) {
            case "P-256" -> JWSAlgorithm.ES256;
            case "P-521" -> JWSAlgorithm.ES512;
            default -> JWSAlgorithm.ES384;
          };
      default -> JWSAlgorithm.RS384;
    };
  }

  /** Read at each request, so that a renewed key counts without a restart. */
  private JWK key() throws DeliveryException {
    try {
      JWK key = JWK.parse(Files.readString(settings.key()));
      if (key.isPrivate() && key.getKeyID() != null) {
        return key;
      }
      throw keyProblem("must be a private key with a key ID (kid)");
    } catch (IOException e) {
      throw keyProblem("cannot be read");
    } catch (java.text.ParseException e) {
      throw keyProblem("is not a JSON Web Key (RFC 7517)");
    }
  }

  private static DeliveryException keyProblem(String what) {
    return DeliveryException.lasting("the file of m2ib.fhir.client-key " + what, REFUSED_TRIES);
  }

  private HttpResponse<byte[]> send(HttpClient client, HttpRequest.Builder request, String what)
      throws DeliveryException {
    return HttpPeer.exchange(
        client,
        request.build(),
        LONGEST_ANSWER,
        settings.timeout(),
        what + " for m2ib.fhir.url",
        "");
  }
}
