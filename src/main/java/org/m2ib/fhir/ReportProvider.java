package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.ResourceStore;

/**
 * Read, search and create of DiagnosticReport: the FHIR report intake (FHIR R4 http.html#create).
 */
public final class ReportProvider extends ResourceProvider {
  private final ReceivedReports reports;

  ReportProvider(FhirContext fhir, Supplier<ResourceStore> store, ReceivedReports reports) {
    super(fhir, DiagnosticReport.class, store);
    this.reports = reports;
  }

  /**
   * Answers 201 once the report is durable. It can be read back under the returned id. If something
   * was left out, the body is an OperationOutcome that says so, unless the client prefers the
   * resource (FHIR R4 http.html#ops). With If-None-Exist, one report that meets the condition is
   * answered with 200 and the new one is ignored; several give a 412 (FHIR R4 http.html#ccreate).
   */
  @Create
  public MethodOutcome create(@ResourceParam DiagnosticReport report, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    if (request.getHeader("If-Match") != null) {
      throw Refusal.of(412, IssueType.NOTSUPPORTED, "If-Match is not supported for a new report");
    }
    ReceivedReports.Received received =
        reports.receive(
            report,
            request.loadRequestContents(),
            request.getHeader("If-None-Exist"),
            Access.of(request));
    MethodOutcome outcome =
        new MethodOutcome(received.report().getIdElement(), received.isCreated());
    OperationOutcome told = received.outcome();
    boolean whole = Prefer.of(request).getReturn() == PreferReturnEnum.REPRESENTATION;
    outcome.setResource(told == null || whole ? received.report() : told);
    outcome.setOperationOutcome(told == null ? received.success() : told);
    return outcome;
  }
}
