package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;

/** A client of the configured FHIR R4 server. Thread-safe. */
public final class FhirServer {
  private static final String FHIR_JSON = "application/fhir+json";

  /** Large enough for the answer to the longest transaction, including every resource. */
  private static final int LONGEST_ANSWER = 32 << 20;

  /**
   * @param url base URL
   * @param token bearer token, used if present
   * @param username HTTP Basic user, used with the password if there is no token
   * @param password HTTP Basic password
   * @param timeout time from the first byte sent to the last byte of the answer
   */
  public record Settings(
      String url,
      Optional<String> token,
      Optional<String> username,
      Optional<String> password,
      Duration timeout) {}

  private final FhirContext fhir;
  private final Settings settings;
  private final HttpClient client;

  public FhirServer(FhirContext fhir, Settings settings) {
    this.fhir = fhir;
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .build();
  }

  /** Creates a client. FHIR definitions are loaded on first use. */
  public static FhirServer connect(Settings settings) {
    return new FhirServer(FhirContext.forR4Cached(), settings);
  }

  public Settings settings() {
    return settings;
  }

  public String url() {
    return settings.url();
  }

  /**
   * Sends a transaction Bundle, which the server accepts as a whole or not at all (FHIR R4
   * http.html#transaction). Interrupting the thread cancels the request.
   *
   * @throws DeliveryException if the server cannot be reached, refuses the Bundle, or does not
   *     confirm every entry
   */
  public void transaction(Bundle bundle) throws DeliveryException {
    String json = fhir.newJsonParser().encodeResourceToString(bundle);
    HttpRequest.Builder request =
        request("")
            .header("Content-Type", FHIR_JSON + "; charset=UTF-8")
            .header("Prefer", "return=minimal")
            .POST(BodyPublishers.ofString(json));
    send(request, settings.timeout()).transactionOf(bundle.getEntry().size());
  }

  /**
   * @param limit timeout of the whole exchange
   * @throws DeliveryException if the server's CapabilityStatement cannot be read in that time
   */
  public void ping(Duration limit) throws DeliveryException {
    FhirAnswer answer = send(request("/metadata").GET(), limit);
    if (!(answer.resource() instanceof CapabilityStatement)) {
      throw new DeliveryException(
          "the server at " + settings.url() + " answered without a CapabilityStatement");
    }
  }

  private HttpRequest.Builder request(String path) throws DeliveryException {
    HttpRequest.Builder request;
    try {
      request = HttpRequest.newBuilder(URI.create(settings.url().replaceFirst("/+$", "") + path));
    } catch (IllegalArgumentException e) {
      throw DeliveryException.lasting("m2ib.fhir.url is not an http or https URL", 1);
    }
    if (settings.token().isPresent()) {
      request.header("Authorization", "Bearer " + settings.token().get());
    } else if (settings.username().isPresent()) {
      String credentials = settings.username().get() + ":" + settings.password().orElse("");
      byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    return request.header("Accept", FHIR_JSON);
  }

  private FhirAnswer send(HttpRequest.Builder request, Duration limit) throws DeliveryException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request.build(), head -> new BoundedBody(LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> answer = exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new FhirAnswer(
          fhir,
          settings.url(),
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse(""),
          answer.headers().firstValue("Content-Encoding").orElse(""),
          answer.headers().firstValue("Retry-After").orElse(""),
          answer.body());
    } catch (TimeoutException e) {
      throw failure("gave no complete answer within " + seconds(limit), e);
    } catch (ExecutionException e) {
      throw failure(explain(e.getCause(), limit), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } finally {
      exchange.cancel(true);
    }
  }

  private DeliveryException failure(String what, Throwable cause) {
    return new DeliveryException(
        "the FHIR server at " + settings.url() + " (m2ib.fhir.url) " + what, cause);
  }

  private static String explain(Throwable e, Duration limit) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "cannot be found: the host name is unknown";
      }
      if (cause instanceof BoundedBody.TooLongException) {
        return "answered with more than " + (LONGEST_ANSWER >> 20) + " MiB";
      }
      if (cause instanceof SSLException) {
        return "is not trusted or does not support TLS: " + cause.getMessage();
      }
    }
    if (e instanceof HttpConnectTimeoutException) {
      return "accepted no connection within " + seconds(limit);
    }
    if (e instanceof HttpTimeoutException) {
      return "gave no complete answer within " + seconds(limit);
    }
    if (e instanceof ConnectException) {
      return "refuses connections: nothing listens there, or the network does not reach it";
    }
    if (e instanceof IOException) {
      return "closed the connection without a complete HTTP answer";
    }
    return "could not be called: " + e.getClass().getSimpleName();
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }
}
