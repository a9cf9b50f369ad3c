package org.m2ib.fhir;

import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryResponseComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.cases.Database;

/**
 * Accepts reports in a Bundle (FHIR R4 http.html#transaction): all or none in a transaction, each
 * independently in a batch. Other entries are refused, not ignored.
 */
public final class ReportBundles {
  private static final int MOST = 100;

  private final Supplier<Database> database;
  private final ReceivedReports reports;

  ReportBundles(Supplier<Database> database, ReceivedReports reports) {
    this.database = database;
    this.reports = reports;
  }

  @Transaction
  public Bundle receive(@TransactionParam Bundle bundle, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    if (bundle.getEntry().size() > MOST) {
      throw Refusal.of(422, IssueType.TOOLONG, "a Bundle may have at most " + MOST + " entries")
          .at("Bundle.entry");
    }
    byte[] raw = request.loadRequestContents();
    Access access = Access.of(request);
    if (bundle.getType() == BundleType.TRANSACTION) {
      return database.get().inTransaction(() -> transaction(bundle, raw, access));
    }
    if (bundle.getType() == BundleType.BATCH) {
      return batch(bundle, raw, access);
    }
    throw Refusal.of(422, IssueType.INVALID, "the Bundle must be a transaction or a batch")
        .at("Bundle.type");
  }

  private Bundle transaction(Bundle bundle, byte[] raw, Access access) {
    Bundle answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
    for (int i = 0; i < bundle.getEntry().size(); i++) {
      BundleEntryResponseComponent response = answer.addEntry().getResponse();
      try {
        receive(bundle.getEntry().get(i), raw, access, response);
      } catch (RuntimeException e) {
        throw FhirErrors.refusal(e).at("Bundle.entry[" + i + "]");
      }
    }
    return answer;
  }

  private Bundle batch(Bundle bundle, byte[] raw, Access access) {
    Bundle answer = new Bundle().setType(BundleType.BATCHRESPONSE);
    for (BundleEntryComponent entry : bundle.getEntry()) {
      BundleEntryResponseComponent response = answer.addEntry().getResponse();
      try {
        receive(entry, raw, access, response);
      } catch (RuntimeException e) {
        Refusal refusal = FhirErrors.refusal(e);
        response.setStatus(String.valueOf(refusal.getStatusCode())).setOutcome(refusal.outcome());
      }
    }
    return answer;
  }

  private void receive(
      BundleEntryComponent entry,
      byte[] raw,
      Access access,
      BundleEntryResponseComponent response) {
    boolean post =
        entry.getRequest().getMethod() == HTTPVerb.POST
            && "DiagnosticReport".equals(entry.getRequest().getUrl());
    if (!post || !(entry.getResource() instanceof DiagnosticReport report)) {
      throw Refusal.of(
          422,
          IssueType.NOTSUPPORTED,
          "only entries that POST a DiagnosticReport are accepted; its patient, order and study"
              + " must be named by identifier or contained");
    }
    ReceivedReports.Received received =
        reports.receive(report, raw, entry.getRequest().getIfNoneExist(), access);
    response
        .setStatus(received.isCreated() ? "201 Created" : "200 OK")
        .setLocation(received.report().getIdElement().getValue())
        .setEtag("W/\"" + received.report().getMeta().getVersionId() + "\"")
        .setLastModified(received.report().getMeta().getLastUpdated())
        .setOutcome(received.outcome());
  }
}
