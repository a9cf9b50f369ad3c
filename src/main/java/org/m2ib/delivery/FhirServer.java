package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.base.tls.Tls;

/**
 * A client of the configured FHIR server. What is read of its answers is the same in R4 and R5.
 * Thread-safe.
 */
public final class FhirServer {
  /** Large enough for the answer to the longest transaction, including every resource. */
  private static final int LONGEST_ANSWER = 32 << 20;

  /**
   * @param url base URL
   * @param release that the server speaks
   * @param timeout time from the first byte sent to the last byte of the answer
   * @param literalReferences whether to look up Patients, see {@link PatientLookup}
   * @param tls the current keys; absent for the Java runtime's list of authorities
   */
  public record Settings(
      String url,
      FhirAuthorization authorization,
      FhirRelease release,
      Duration timeout,
      boolean literalReferences,
      Optional<Supplier<Tls>> tls) {

    /** For R4; looks up nothing, has no keys of its own. */
    public static Settings of(String url, FhirAuthorization authorization, Duration timeout) {
      return new Settings(url, authorization, FhirRelease.R4, timeout, false, Optional.empty());
    }
  }

  /** A client with the keys that it was made with; null for none. */
  private record Secured(HttpClient client, Tls tls) {}

  private final FhirContext fhir;
  private final Settings settings;
  private Secured secured;

  public FhirServer(FhirContext fhir, Settings settings) {
    this.fhir = fhir;
    this.settings = settings;
  }

  /** A client with the current keys: reloaded ones count from the next request on. */
  private synchronized HttpClient client() {
    Tls now = settings.tls().map(Supplier::get).orElse(null);
    if (secured == null || secured.tls() != now) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(settings.timeout());
      if (now != null) {
        now.secure(builder);
      }
      secured = new Secured(builder.build(), now);
    }
    return secured.client();
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
    if (settings.literalReferences()) {
      PatientLookup.complete(fhir, bundle, this::patients);
    }
    HttpRequest.Builder request = post("", bundle).header("Prefer", "return=minimal");
    send(request, settings.timeout()).transactionOf(bundle.getEntry().size());
  }

  private HttpRequest.Builder post(String path, Resource resource) throws DeliveryException {
    FhirRelease release = settings.release();
    return request(path)
        .header("Content-Type", release.mediaType() + "; charset=UTF-8")
        .POST(BodyPublishers.ofString(release.encode(resource)));
  }

  /** In the body, because addresses are logged. */
  private IBaseResource patients(String token) throws DeliveryException {
    String form =
        "_elements=identifier,active,link&_count=2&identifier="
            + URLEncoder.encode(token, StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        request("/Patient/_search")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    return send(request, settings.timeout()).resource();
  }

  /**
   * @param limit timeout of the whole exchange
   * @throws DeliveryException if the server's CapabilityStatement cannot be read in that time
   */
  public void ping(Duration limit) throws DeliveryException {
    capabilities(limit);
  }

  /**
   * @param limit timeout of the whole exchange
   * @return the server's CapabilityStatement
   * @throws DeliveryException if it cannot be read in that time
   */
  CapabilityStatement capabilities(Duration limit) throws DeliveryException {
    FhirAnswer answer = send(request("/metadata").GET(), limit);
    if (answer.resource() instanceof CapabilityStatement statement) {
      return statement;
    }
    throw new DeliveryException(
        "the server at " + settings.url() + " answered without a CapabilityStatement");
  }

  /**
   * Has the server check a resource without keeping it (FHIR R4 operation-resource-validate).
   *
   * @param limit timeout of the whole exchange
   * @throws DeliveryException if the server does not let us, or does not know the operation
   */
  void validate(Resource resource, Duration limit) throws DeliveryException {
    send(post("/" + resource.fhirType() + "/$validate", resource), limit).resource();
  }

  private HttpRequest.Builder request(String path) throws DeliveryException {
    HttpRequest.Builder request = at(settings.url().replaceFirst("/+$", "") + path);
    settings
        .authorization()
        .field(client())
        .ifPresent(field -> request.header("Authorization", field));
    return request.header("Accept", settings.release().mediaType());
  }

  private static HttpRequest.Builder at(String url) throws DeliveryException {
    try {
      return HttpRequest.newBuilder(URI.create(url));
    } catch (IllegalArgumentException e) {
      throw DeliveryException.lasting("m2ib.fhir.url is not an http or https URL", 1);
    }
  }

  private FhirAnswer send(HttpRequest.Builder request, Duration limit) throws DeliveryException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(request.build(), head -> new BoundedBody(LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> answer = exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() == 401) {
        settings.authorization().refused();
      }
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
