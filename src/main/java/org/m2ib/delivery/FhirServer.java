package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
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
  /**
   * @param url base URL
   * @param release that the server speaks
   * @param timeout time from the first byte sent to the last byte of the answer
   * @param literalReferences whether to look up Patients, see {@link PatientLookup}
   * @param tls the current keys; absent for the Java runtime's list of authorities
   */
  public record Settings(
      String url,
      HttpAuthorization authorization,
      FhirRelease release,
      Duration timeout,
      boolean literalReferences,
      Optional<Supplier<Tls>> tls) {

    /** For R4; looks up nothing, has no keys of its own. */
    public static Settings of(String url, HttpAuthorization authorization, Duration timeout) {
      return new Settings(url, authorization, FhirRelease.R4, timeout, false, Optional.empty());
    }
  }

  private final FhirContext fhir;
  private final Settings settings;
  private final HttpPeer http;

  public FhirServer(FhirContext fhir, Settings settings) {
    this.fhir = fhir;
    this.settings = settings;
    this.http =
        new HttpPeer(
            new HttpPeer.Words(
                "the FHIR server at " + settings.url(),
                "m2ib.fhir.url",
                "m2ib.fhir.token, username and password, or client-id and scope",
                "a FHIR server that supports transactions"),
            settings.url(),
            settings.authorization(),
            settings.timeout(),
            settings.tls());
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
    return http.request(path).header("Accept", settings.release().mediaType());
  }

  private FhirAnswer send(HttpRequest.Builder request, Duration limit) throws DeliveryException {
    return new FhirAnswer(fhir, http, http.send(request, limit));
  }
}
