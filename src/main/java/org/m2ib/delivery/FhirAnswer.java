package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import java.nio.charset.StandardCharsets;
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
 */
record FhirAnswer(FhirContext fhir, HttpPeer server, HttpPeer.Answer answer) {
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
    if (!answer.isSuccess()) {
      throw server.refusal(
          answer, parsed() instanceof OperationOutcome outcome ? issues(outcome) : "");
    }
    if (answer.body().length == 0) {
      throw unexpected("no body");
    }
    IBaseResource resource = parsed();
    if (resource == null && !answer.contentEncoding().isEmpty()) {
      throw unexpected("a body in a Content-Encoding that was not requested");
    }
    if (resource == null) {
      throw unexpected(
          answer.contentType().isEmpty()
              ? "a body that is not a FHIR resource"
              : "a body that is not a FHIR resource, its content type is " + answer.mediaType());
    }
    return resource;
  }

  private DeliveryException unexpected(String what) {
    return server.unexpected(answer, what);
  }

  /** Returns null if the body is not a resource. */
  private IBaseResource parsed() {
    IParser parser =
        answer.contentType().contains("xml") ? fhir.newXmlParser() : fhir.newJsonParser();
    try {
      return parser.parseResource(new String(answer.body(), StandardCharsets.UTF_8));
    } catch (RuntimeException | StackOverflowError e) {
      return null; // the parser's exception for a malformed body
    }
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
