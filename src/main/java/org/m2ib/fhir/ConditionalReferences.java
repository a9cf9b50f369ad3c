package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.util.ResourceReferenceInfo;
import java.util.List;
import java.util.function.BiFunction;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * References that are searches, {@code Type?parameters}. A transaction, and nothing else, may have
 * them (FHIR R4 http.html#trules).
 */
final class ConditionalReferences {
  private ConditionalReferences() {}

  /** Refuses a report that has one. */
  static void none(FhirContext fhir, DiagnosticReport report) {
    replace(
        fhir,
        report,
        (type, parameters) -> {
          throw Refusal.of(
              422, IssueType.NOTSUPPORTED, "a reference may be a search only in a transaction");
        });
  }

  /**
   * Replaces each by a reference to the one resource that its search finds.
   *
   * @param search returns {@code Type/id} of at most two resources of a type that meet the
   *     parameters
   */
  static void replace(
      FhirContext fhir, DiagnosticReport report, BiFunction<String, String, List<String>> search) {
    for (ResourceReferenceInfo one : fhir.newTerser().getAllResourceReferences(report)) {
      String reference = one.getResourceReference().getReferenceElement().getValue();
      if (reference == null || !reference.matches("[A-Z][A-Za-z]+\\?.*")) {
        continue;
      }
      String type = reference.substring(0, reference.indexOf('?'));
      try {
        List<String> found = search.apply(type, reference.substring(type.length() + 1));
        if (found.size() != 1) {
          throw Refusal.of(
              412,
              found.isEmpty() ? IssueType.NOTFOUND : IssueType.MULTIPLEMATCHES,
              "this reference must find one %s here, but finds %s; name what other systems have by identifier"
                  .formatted(type, found.isEmpty() ? "none" : "several"));
        }
        one.getResourceReference().setReference(found.get(0));
      } catch (BaseServerResponseException e) {
        throw FhirErrors.refusal(e).at("DiagnosticReport." + one.getName());
      }
    }
  }
}
