package org.m2ib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;
import org.m2ib.base.WholeExchange;

/**
 * The authorization server as its discovery document describes it (OpenID Connect Discovery 1.0,
 * section 4; SMART App Launch 2, conformance). Read when it is first needed, at most every half
 * minute, and again after an hour.
 */
public final class AuthorizationServer {
  private static final Logger LOG = Logger.getLogger(AuthorizationServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration FRESH = Duration.ofHours(1);

  private final Optional<String> issuer;
  private final String document;
  private final Optional<SSLContext> tls;
  private final Clock clock;
  private JsonNode metadata;
  private Instant next = Instant.MIN;

  private AuthorizationServer(
      Optional<String> issuer, String document, Optional<SSLContext> tls, Clock clock) {
    this.issuer = issuer;
    this.document = document;
    this.tls = tls;
    this.clock = clock;
  }

  /**
   * An OpenID provider.
   *
   * @param issuer URL; empty if there is none
   * @param tls for https; empty for the Java platform's trust store
   */
  public static AuthorizationServer openId(
      Optional<String> issuer, Optional<SSLContext> tls, Clock clock) {
    return new AuthorizationServer(issuer, "openid-configuration", tls, clock);
  }

  /** The server that gives tokens for a FHIR server, by the FHIR server's base URL. */
  public static AuthorizationServer smart(String fhirBase, Optional<SSLContext> tls, Clock clock) {
    return new AuthorizationServer(Optional.of(fhirBase), "smart-configuration", tls, clock);
  }

  /** Whether access tokens are accepted at all. */
  public boolean isConfigured() {
    return issuer.isPresent();
  }

  /** Returns the discovery document; empty if it cannot be read, or if there is no server. */
  public synchronized Optional<JsonNode> metadata() {
    Instant now = clock.instant();
    if (issuer.isPresent() && !now.isBefore(next)) {
      next = now.plus(AGAIN);
      try {
        metadata = read(issuer.get());
        next = now.plus(FRESH);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warnf("the authorization server's discovery document cannot be read: %s", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.ofNullable(metadata);
  }

  private JsonNode read(String url) throws IOException, InterruptedException {
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(TIMEOUT);
    tls.ifPresent(client::sslContext);
    URI address = URI.create(url.replaceFirst("/$", "") + "/.well-known/" + document);
    HttpResponse<String> answer =
        WholeExchange.send(
            client.build(),
            HttpRequest.newBuilder(address).build(),
            HttpResponse.BodyHandlers.ofString(),
            TIMEOUT);
    if (answer.statusCode() != 200) {
      throw new IOException("status " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }
}
