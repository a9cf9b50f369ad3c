package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.IRestfulClientFactory;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.exceptions.FhirClientConnectionException;
import ca.uhn.fhir.rest.client.interceptor.BasicAuthInterceptor;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.time.Duration;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.OperationOutcome;

/** The configured FHIR R4 server. One instance serves all threads. */
public final class FhirServer {

  /**
   * @param url base URL
   * @param token bearer token, used when present
   * @param username HTTP Basic user, used with password when there is no token
   * @param password HTTP Basic password
   * @param timeout for connecting and for each answer
   */
  public record Settings(
      String url,
      Optional<String> token,
      Optional<String> username,
      Optional<String> password,
      Duration timeout) {}

  private final Settings settings;
  private final IGenericClient client;

  public FhirServer(FhirContext context, Settings settings) {
    this.settings = settings;
    IRestfulClientFactory factory = context.getRestfulClientFactory();
    factory.setServerValidationMode(ServerValidationModeEnum.NEVER);
    factory.setConnectTimeout((int) settings.timeout().toMillis());
    factory.setSocketTimeout((int) settings.timeout().toMillis());
    client = factory.newGenericClient(settings.url());
    if (settings.token().isPresent()) {
      client.registerInterceptor(new BearerTokenAuthInterceptor(settings.token().get()));
    } else if (settings.username().isPresent()) {
      client.registerInterceptor(
          new BasicAuthInterceptor(settings.username().get(), settings.password().orElse("")));
    }
  }

  /** A client of FHIR R4; the definitions are read on first use. */
  public static FhirServer connect(Settings settings) {
    return new FhirServer(FhirContext.forR4Cached(), settings);
  }

  public String url() {
    return settings.url();
  }

  /**
   * Sends a transaction Bundle; the server takes all of it or nothing (FHIR R4
   * http.html#transaction).
   *
   * @throws DeliveryException when the server cannot be reached or refuses it
   */
  public void transaction(Bundle bundle) throws DeliveryException {
    try {
      client.transaction().withBundle(bundle).execute();
    } catch (BaseServerResponseException e) {
      throw failure(e);
    }
  }

  /**
   * @throws DeliveryException when the server's CapabilityStatement cannot be read
   */
  public void ping() throws DeliveryException {
    try {
      client.capabilities().ofType(CapabilityStatement.class).execute();
    } catch (BaseServerResponseException e) {
      throw failure(e);
    }
  }

  /**
   * The outcome's codes and places are kept; its free text may quote the resource, so it is not.
   */
  private DeliveryException failure(BaseServerResponseException e) {
    if (e instanceof FhirClientConnectionException) {
      return new DeliveryException(
          "no FHIR server answers at " + settings.url() + " (m2ib.fhir.url)", e);
    }
    StringBuilder message =
        new StringBuilder(
            "the FHIR server at " + settings.url() + " answered HTTP " + e.getStatusCode());
    if (e.getOperationOutcome() instanceof OperationOutcome outcome) {
      for (var issue : outcome.getIssue()) {
        message.append("; ").append(issue.getSeverity()).append(' ').append(issue.getCode());
        issue.getExpression().forEach(where -> message.append(" at ").append(where.getValue()));
      }
    }
    return new DeliveryException(message.toString(), e);
  }
}
