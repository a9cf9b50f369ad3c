package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.Objects;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResourceStore;
import org.m2ib.cases.StoredResource;
import org.m2ib.intake.FhirReports;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.results.ResultKey;

/** Reports that were sent here: taken in, and kept to be read again, both or neither. */
final class ReceivedReports {
  private final FhirContext fhir;
  private final Supplier<Database> database;
  private final Supplier<FhirReports> intake;
  private final Supplier<ResourceStore> store;

  ReceivedReports(
      FhirContext fhir,
      Supplier<Database> database,
      Supplier<FhirReports> intake,
      Supplier<ResourceStore> store) {
    this.fhir = fhir;
    this.database = database;
    this.intake = intake;
    this.store = store;
  }

  /**
   * Durable on return.
   *
   * @param raw the request's body as it came
   * @return the report with its id here, derived from its identifier: sent again, it replaces
   * @throws org.m2ib.intake.UnacceptableReportException when it can never be taken
   * @throws org.m2ib.cases.StorageUnavailableException when it cannot be taken now
   */
  DiagnosticReport receive(DiagnosticReport report, byte[] raw) {
    String json = fhir.newJsonParser().encodeResourceToString(report);
    if (json.contains("\\u0000")) {
      throw new UnacceptableReportException(
          "DiagnosticReport", "a text has the character U+0000, which FHIR's string has not");
    }
    return database.get().inTransaction(() -> keep(report, raw));
  }

  private DiagnosticReport keep(DiagnosticReport report, byte[] raw) {
    String reportId = intake.get().receive(report, raw);
    report.setId(
        ResultKey.derive("received-report", system(report, reportId), reportId).toString());
    StoredResource resource =
        new StoredResource(
            "DiagnosticReport",
            report.getIdPart(),
            FhirReports.studyUid(report),
            fhir.newJsonParser().encodeResourceToString(report));
    try {
      store.get().put(resource);
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException("DiagnosticReport.effective", e.getMessage());
    }
    return report;
  }

  /** Of the identifier it goes by; two senders may use the same number. */
  private static String system(DiagnosticReport report, String reportId) {
    return report.getIdentifier().stream()
        .filter(identifier -> reportId.equals(identifier.getValue()))
        .map(Identifier::getSystem)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }
}
