package org.m2ib.fhir;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;

/** A refused request: HTTP status and an OperationOutcome with one issue. */
final class Refusal extends BaseServerResponseException {

  private Refusal(int status, String message, OperationOutcome outcome) {
    super(status, message, outcome);
  }

  static Refusal of(int status, IssueType code, String message) {
    OperationOutcome outcome = new OperationOutcome();
    outcome.addIssue().setSeverity(IssueSeverity.ERROR).setCode(code).setDiagnostics(message);
    return new Refusal(status, message, outcome);
  }

  /** Creates a 400 for a URL parameter. The message must not repeat the parameter's value. */
  static Refusal parameter(String name, IssueType code, String message) {
    return parameter(400, name, code, message);
  }

  static Refusal parameter(int status, String name, IssueType code, String message) {
    Refusal refusal = of(status, code, name + ": " + message);
    refusal.issue().addLocation("http." + name); // FHIR R4 operationoutcome.html, issue.location
    return refusal;
  }

  /** Adds the element of the request that is at fault. */
  Refusal at(String expression) {
    issue().addExpression(expression);
    return this;
  }

  Refusal retryAfter(int seconds) {
    return header("Retry-After", String.valueOf(seconds));
  }

  Refusal header(String name, String value) {
    addResponseHeader(name, value);
    return this;
  }

  OperationOutcomeIssueComponent issue() {
    return outcome().getIssueFirstRep();
  }

  OperationOutcome outcome() {
    return (OperationOutcome) getOperationOutcome();
  }
}
