package org.m2ib.fhir;

import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryRequestComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryResponseComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.cases.Database;

/**
 * Accepts reports in a Bundle, and answers the reads and searches in it (FHIR R4
 * http.html#transaction): all or none in a transaction, each independently in a batch. Other
 * entries are refused, not ignored.
 */
public final class ReportBundles {
  private static final int MOST = 100;

  private final Supplier<Database> database;
  private final ReceivedReports reports;
  private final BundleReads reads;

  ReportBundles(Supplier<Database> database, ReceivedReports reports, BundleReads reads) {
    this.database = database;
    this.reports = reports;
    this.reads = reads;
  }

  @Transaction
  public Bundle receive(@TransactionParam Bundle bundle, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    checkSize(bundle.getEntry().size());
    Sent sent =
        new Sent(request.loadRequestContents(), request.getFhirServerBase(), Access.of(request));
    if (bundle.getType() == BundleType.TRANSACTION) {
      return database.get().inTransaction(() -> transaction(bundle, sent));
    }
    if (bundle.getType() == BundleType.BATCH) {
      return batch(bundle, sent);
    }
    throw Refusal.of(422, IssueType.INVALID, "the Bundle must be a transaction or a batch")
        .at("Bundle.type");
  }

  /** Refuses a Bundle with too many entries. */
  static void checkSize(int entries) {
    if (entries > MOST) {
      throw Refusal.of(422, IssueType.TOOLONG, "a Bundle may have at most " + MOST + " entries")
          .at("Bundle.entry");
    }
  }

  /**
   * @param raw the body
   * @param base base URL of the service
   * @param access of the sender
   */
  private record Sent(byte[] raw, String base, Access access) {}

  /** Reads come last, so they find what the transaction has brought. */
  private Bundle transaction(Bundle bundle, Sent sent) {
    Bundle answer = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
    bundle.getEntry().forEach(entry -> answer.addEntry());
    Set<String> stored = new HashSet<>();
    for (boolean reading : List.of(false, true)) {
      for (int i = 0; i < bundle.getEntry().size(); i++) {
        BundleEntryComponent entry = bundle.getEntry().get(i);
        if (isRead(entry) == reading) {
          try {
            if (entry.getResource() instanceof DiagnosticReport report) {
              reports.resolve(report, sent.access());
            }
            answer(entry, sent, answer.getEntry().get(i));
            checkOnce(answer.getEntry().get(i).getResponse(), stored);
          } catch (RuntimeException e) {
            throw FhirErrors.refusal(e).at("Bundle.entry[" + i + "]");
          }
        }
      }
    }
    return answer;
  }

  /** In a transaction no resource may be stored twice (FHIR R4 http.html#trules). */
  private static void checkOnce(BundleEntryResponseComponent response, Set<String> stored) {
    if (response.getStatus().startsWith("201")
        && !stored.add(new IdType(response.getLocation()).getIdPart())) {
      throw Refusal.of(
          422, IssueType.DUPLICATE, "an entry before it has a report with the same identifier");
    }
  }

  private Bundle batch(Bundle bundle, Sent sent) {
    Bundle answer = new Bundle().setType(BundleType.BATCHRESPONSE);
    for (BundleEntryComponent entry : bundle.getEntry()) {
      BundleEntryComponent one = answer.addEntry();
      try {
        answer(entry, sent, one);
      } catch (RuntimeException e) {
        Refusal refusal = FhirErrors.refusal(e);
        one.setResponse(
            new BundleEntryResponseComponent()
                .setStatus(String.valueOf(refusal.getStatusCode()))
                .setOutcome(refusal.outcome()));
      }
    }
    return answer;
  }

  private static boolean isRead(BundleEntryComponent entry) {
    return entry.getRequest().getMethod() == HTTPVerb.GET;
  }

  /** A condition that is not looked at must not seem to be met. */
  private static void checkConditions(BundleEntryComponent entry) {
    BundleEntryRequestComponent request = entry.getRequest();
    boolean other =
        isRead(entry)
            ? request.hasIfNoneExist()
            : request.hasIfNoneMatch() || request.hasIfModifiedSince();
    if (other || request.hasIfMatch()) {
      throw Refusal.of(
          422,
          IssueType.NOTSUPPORTED,
          "a GET may have ifNoneMatch or ifModifiedSince, and a POST ifNoneExist");
    }
  }

  private void answer(BundleEntryComponent entry, Sent sent, BundleEntryComponent answer) {
    BundleBody.refuseUnreadable(entry);
    checkConditions(entry);
    if (isRead(entry)) {
      reads.read(entry.getRequest(), sent.base(), sent.access(), answer);
      return;
    }
    boolean post =
        entry.getRequest().getMethod() == HTTPVerb.POST
            && "DiagnosticReport".equals(entry.getRequest().getUrl());
    if (!post || !(entry.getResource() instanceof DiagnosticReport report)) {
      throw Refusal.of(
          422,
          IssueType.NOTSUPPORTED,
          "only entries that GET, or POST a DiagnosticReport, are accepted; its patient, order and study"
              + " must be named by identifier or contained");
    }
    ReceivedReports.Received received =
        reports.receive(report, sent.raw(), entry.getRequest().getIfNoneExist(), sent.access());
    answer
        .getResponse()
        .setStatus(received.isCreated() ? "201 Created" : "200 OK")
        .setLocation(received.report().getIdElement().getValue())
        .setEtag("W/\"" + received.report().getMeta().getVersionId() + "\"")
        .setLastModified(received.report().getMeta().getLastUpdated())
        .setOutcome(received.outcome());
  }
}
