package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.ResourceStore;

/** Also accepts reports by create (FHIR R4 http.html#create). */
public final class ReportProvider extends ResourceProvider {
  private final ReceivedReports reports;

  ReportProvider(FhirContext fhir, Supplier<ResourceStore> store, ReceivedReports reports) {
    super(fhir, DiagnosticReport.class, store);
    this.reports = reports;
  }

  /**
   * 201 once the report is durable; it can be read under the returned id. If something was left
   * out, the body says so, unless the resource itself was requested (FHIR R4 http.html#ops).
   */
  @Create
  public MethodOutcome create(@ResourceParam DiagnosticReport report, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    if (request.getHeader("If-None-Exist") != null) {
      throw Refusal.of(
          400,
          IssueType.NOTSUPPORTED,
          "If-None-Exist is not supported: a report sent again under its identifier replaces the"
              + " one sent before");
    }
    ReceivedReports.Received received = reports.receive(report, request.loadRequestContents());
    MethodOutcome outcome = new MethodOutcome(received.report().getIdElement(), true);
    OperationOutcome told = received.outcome();
    String prefer = request.getHeader("Prefer");
    boolean whole = prefer != null && prefer.contains("return=representation");
    outcome.setResource(told == null || whole ? received.report() : told);
    outcome.setOperationOutcome(told);
    return outcome;
  }
}
