package org.m2ib.delivery;

import static org.m2ib.delivery.DeliveryException.Answer.REFUSED;
import static org.m2ib.delivery.DeliveryException.Answer.UNAUTHORISED;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryResponseComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;

/**
 * Interprets a FHIR server's answer (FHIR R4 http.html). Messages contain the codes and locations
 * of its outcomes but not their free text, which may quote the resource.
 *
 * @param server the server's name in messages
 * @param contentType {@code ""} if absent
 * @param contentEncoding {@code ""} if absent; none is requested
 * @param retryAfter the field verbatim, {@code ""} if absent
 */
record FhirAnswer(
    FhirContext fhir,
    String server,
    int status,
    String contentType,
    String contentEncoding,
    String retryAfter,
    byte[] body) {

  /**
   * Client errors that may pass. All others mean that the same request always fails (RFC 9110
   * 15.5).
   */
  private static final Set<Integer> PASSING = Set.of(408, 409, 412, 423, 425, 429);

  private static final Set<Integer> CREDENTIALS = Set.of(401, 403);

  /** Authentication is retried, because a service that checks credentials may be starting. */
  private static final int CREDENTIAL_TRIES = 3;

  private static final Set<String> FAILURES = Set.of("FATAL", "ERROR");

  /** Maximum number of failed entries named in a message. */
  private static final int NAMED = 5;

  /**
   * Checks that every entry of a transaction succeeded (FHIR R4 http.html#transaction-response).
   *
   * @param sent number of entries in the transaction
   * @throws DeliveryException if the answer does not say so
   */
  void transactionOf(int sent) throws DeliveryException {
    IBaseResource resource = resource();
    if (resource instanceof OperationOutcome outcome) {
      throw unexpected("an OperationOutcome instead of a Bundle" + issues(outcome));
    }
    if (!(resource instanceof Bundle bundle)) {
      throw unexpected("a resource that is not a Bundle");
    }
    List<String> failed = new ArrayList<>();
    for (int i = 0; i < bundle.getEntry().size(); i++) {
      BundleEntryResponseComponent response = bundle.getEntry().get(i).getResponse();
      if (!isDone(response)) {
        failed.add("entry " + (i + 1) + ": " + code(response.getStatus()) + issues(response));
      }
    }
    if (!failed.isEmpty()) {
      throw unexpected(
          "%d of %d entries failed: %s%s"
              .formatted(
                  failed.size(),
                  sent,
                  String.join("; ", failed.subList(0, Math.min(NAMED, failed.size()))),
                  failed.size() > NAMED ? "; ..." : ""));
    }
    if (bundle.getType() != BundleType.TRANSACTIONRESPONSE) {
      String type = bundle.getType() == null ? "no type" : "type " + bundle.getType().toCode();
      throw unexpected("a Bundle of " + type + " instead of transaction-response");
    }
    if (bundle.getEntry().size() != sent) {
      throw unexpected(
          "a transaction-response with %d of %d entries".formatted(bundle.getEntry().size(), sent));
    }
  }

  /**
   * Returns the resource of a successful answer.
   *
   * @throws DeliveryException if the request failed or the answer has no resource
   */
  IBaseResource resource() throws DeliveryException {
    if (status < 200 || status > 299) {
      throw refusal().answered(CREDENTIALS.contains(status) ? UNAUTHORISED : REFUSED);
    }
    if (body.length == 0) {
      throw unexpected("no body");
    }
    IBaseResource resource = parsed();
    if (resource == null && !contentEncoding.isEmpty()) {
      throw unexpected("a body in a Content-Encoding that was not requested");
    }
    if (resource == null) {
      throw unexpected(
          contentType.isEmpty()
              ? "a body that is not a FHIR resource"
              : "a body that is not a FHIR resource, its content type is " + mediaType());
    }
    return resource;
  }

  private DeliveryException refusal() {
    StringBuilder text = new StringBuilder("the FHIR server at " + server);
    text.append(" answered HTTP ").append(status);
    if (parsed() instanceof OperationOutcome outcome) {
      text.append(issues(outcome));
    }
    if (CREDENTIALS.contains(status)) {
      text.append(": check m2ib.fhir.token, username and password, or client-id and scope");
      return DeliveryException.lasting(text.toString(), CREDENTIAL_TRIES);
    }
    if (status >= 300 && status < 400) {
      text.append(": it redirects to another address; set m2ib.fhir.url to that address");
      return DeliveryException.lasting(text.toString(), 1);
    }
    if (status == 404 || status == 405) {
      text.append(": is m2ib.fhir.url the base URL of a FHIR server that supports transactions?");
    }
    if (status == 501 || status >= 400 && status < 500 && !PASSING.contains(status)) {
      return DeliveryException.lasting(text.toString(), 1);
    }
    Duration pause = RetryAfter.parse(retryAfter, Instant.now());
    return pause.isZero()
        ? new DeliveryException(text.toString())
        : DeliveryException.busy(text + ", try again in " + pause.toSeconds() + " s", pause);
  }

  private DeliveryException unexpected(String what) {
    return new DeliveryException(
        "the FHIR server at %s answered HTTP %d with %s".formatted(server, status, what));
  }

  /** Returns null if the body is not a resource. */
  private IBaseResource parsed() {
    IParser parser = contentType.contains("xml") ? fhir.newXmlParser() : fhir.newJsonParser();
    try {
      return parser.parseResource(new String(body, StandardCharsets.UTF_8));
    } catch (RuntimeException | StackOverflowError e) {
      return null; // the parser's exception for a malformed body
    }
  }

  private String mediaType() {
    String type = contentType.split(";", 2)[0].strip();
    return type.matches("[\\w.+-]{1,60}/[\\w.+-]{1,60}") ? type : "not a media type";
  }

  /**
   * 304: the server already has this content. 202 is not success: it may be done later, or never.
   */
  private static boolean isDone(BundleEntryResponseComponent response) {
    String status = response.getStatus();
    boolean failed =
        response.getOutcome() instanceof OperationOutcome outcome
            && outcome.getIssue().stream()
                .anyMatch(i -> FAILURES.contains(String.valueOf(i.getSeverity())));
    return status != null && status.matches("(2(?!02)\\d\\d|304)(\\D.*)?") && !failed;
  }

  private static String code(String status) {
    return status != null && status.matches("\\d{3}(\\D.*)?")
        ? "HTTP " + status.substring(0, 3)
        : "no HTTP status";
  }

  private static String issues(BundleEntryResponseComponent response) {
    Resource outcome = response.getOutcome();
    return outcome instanceof OperationOutcome o ? issues(o) : "";
  }

  private static String issues(OperationOutcome outcome) {
    StringBuilder text = new StringBuilder();
    for (var issue : outcome.getIssue()) {
      text.append("; ").append(issue.getSeverity()).append(' ').append(issue.getCode());
      issue.getExpression().forEach(where -> text.append(" at ").append(where.getValue()));
    }
    return text.toString();
  }
}
