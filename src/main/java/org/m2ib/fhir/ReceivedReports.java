package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.util.UrlUtil;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.cases.Database;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.UnstorableException;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.store.StoredVersion;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.results.ResultKey;

/**
 * Accepts reports that were sent to {@code /fhir}, and stores the resource for reading in the same
 * transaction.
 */
final class ReceivedReports {
  private static final ObjectMapper JSON = new ObjectMapper();
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
   * Stores a report. It is durable when this returns.
   *
   * @param raw the request body
   * @param unless a search for reports: if it finds one, nothing is stored; null to store always
   * @param access of the sender
   * @return the report as it can be read back
   * @throws org.m2ib.intake.UnacceptableReportException if it can never be accepted
   * @throws org.m2ib.cases.StorageUnavailableException if it cannot be accepted now
   */
  Received receive(DiagnosticReport report, byte[] raw, String unless, Access access) {
    access.require("DiagnosticReport", 'c');
    ConditionalReferences.none(fhir, report);
    String json = fhir.newJsonParser().encodeResourceToString(report);
    if (json.contains("\\u0000")) {
      refuseNul(json);
    }
    return database
        .get()
        .inTransaction(() -> existing(unless, access).orElseGet(() -> keep(report, raw)));
  }

  /** Replaces references that are searches by what they find here. */
  void resolve(DiagnosticReport report, Access access) {
    ConditionalReferences.replace(
        fhir,
        report,
        (type, parameters) -> {
          if (SearchParameters.of(type).isEmpty()) {
            return List.of();
          }
          return find(type, parameters, access, "a reference").stream()
              .map(stored -> stored.type() + "/" + stored.id())
              .toList();
        });
  }

  /** Returns at most two resources that a search finds. */
  private List<StoredVersion> find(String type, String parameters, Access access, String what) {
    SearchQuery query =
        SearchQuery.parse(type, UrlUtil.parseQueryString(parameters), "", ZoneId.systemDefault());
    query.types().forEach(access::search);
    if (query.asked().isEmpty()
        || query.asked().keySet().stream().anyMatch(SearchResults.NAMES::contains)) {
      throw Refusal.of(
          412,
          IssueType.INVALID,
          what + " must have search parameters, and only those that select resources");
    }
    return store.get().search(query.search(), "", 2).resources();
  }

  /** Returns the parameters of a search that may have a URL before them. */
  private static String condition(String search) {
    String url = search.substring(0, search.indexOf('?') + 1);
    if (url.contains("=")) { // the ? is in a value
      return search;
    }
    if (!url.matches("(|(.*/)?DiagnosticReport)\\??")) {
      throw Refusal.of(
          400, IssueType.INVALID, "the search in If-None-Exist must be one of DiagnosticReport");
    }
    return search.substring(url.length());
  }

  /** Returns the one report that a search finds. */
  private Optional<Received> existing(String search, Access access) {
    if (search == null) {
      return Optional.empty();
    }
    List<StoredVersion> found =
        find("DiagnosticReport", condition(search), access, "If-None-Exist");
    if (found.size() > 1) {
      throw Refusal.of(
          412,
          IssueType.MULTIPLEMATCHES,
          "more than one report meets the condition of If-None-Exist");
    }
    return found.stream()
        .findFirst()
        .map(
            stored ->
                new Received(
                    Stored.read(fhir, stored)
                        .map(DiagnosticReport.class::cast)
                        .orElseThrow(
                            () ->
                                Refusal.of(
                                    500,
                                    IssueType.EXCEPTION,
                                    "the report that meets If-None-Exist is stored but unreadable")),
                    List.of(),
                    false));
  }

  /**
   * @param report the report with its id, which is derived from its identifier, so that a later
   *     version replaces it
   * @param notes what was left out, for the sender
   * @param isCreated false if the report was stored before and the new one is ignored
   */
  record Received(DiagnosticReport report, List<String> notes, boolean isCreated) {

    /** For a client that prefers an outcome although there is nothing to say. */
    OperationOutcome success() {
      OperationOutcome outcome = new OperationOutcome();
      outcome
          .addIssue()
          .setSeverity(IssueSeverity.INFORMATION)
          .setCode(IssueType.INFORMATIONAL)
          .setDiagnostics(isCreated ? "the report is durable" : "the report was stored before");
      return outcome;
    }

    /** Returns null if there are no notes. */
    OperationOutcome outcome() {
      if (notes.isEmpty()) {
        return null;
      }
      OperationOutcome outcome = new OperationOutcome();
      for (String note : notes) {
        outcome
            .addIssue()
            .setSeverity(IssueSeverity.WARNING)
            .setCode(IssueType.INCOMPLETE)
            .setDiagnostics(note);
      }
      return outcome;
    }
  }

  /**
   * Refuses U+0000, which neither FHIR strings (R4 datatypes.html#string) nor PostgreSQL's text
   * allow.
   */
  private static void refuseNul(String json) {
    try {
      String place = placeOfNul(JSON.readTree(json), "DiagnosticReport");
      if (place != null) {
        throw new UnacceptableReportException(
            place, "the text contains the character U+0000, which FHIR strings do not allow");
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("HAPI wrote invalid JSON"); // its message quotes the text
    }
  }

  /** Returns the path of the first text with a NUL character, or null. */
  private static String placeOfNul(JsonNode node, String path) {
    if (node.isTextual()) {
      return node.textValue().indexOf('\0') >= 0 ? path : null;
    }
    Stream<String> places =
        node.isArray()
            ? IntStream.range(0, node.size())
                .mapToObj(i -> placeOfNul(node.get(i), path + "[" + i + "]"))
            : node.properties().stream()
                .map(field -> placeOfNul(field.getValue(), path + "." + field.getKey()));
    return places.filter(Objects::nonNull).findFirst().orElse(null);
  }

  private Received keep(DiagnosticReport report, byte[] raw) {
    FhirReports.Received received = intake.get().receive(report, raw);
    String reportId = received.reportId();
    report.setId(
        ResultKey.derive("received-report", system(report, reportId), reportId).toString());
    StoredResource resource =
        new StoredResource(
            "DiagnosticReport",
            report.getIdPart(),
            FhirReports.studyUid(report),
            fhir.newJsonParser().encodeResourceToString(report));
    List<String> notes = new ArrayList<>(received.notes());
    int removed = ResourceStore.removed(resource.body());
    if (removed > 0) {
      notes.add(
          "control characters, which FHIR strings do not allow, were removed from the resource as it"
              + " is served: "
              + removed);
    }
    try {
      StoredVersion stored = store.get().put(resource);
      String version = String.valueOf(stored.version());
      report.getMeta().setVersionId(version).setLastUpdated(Date.from(stored.updated()));
      report.setIdElement(new IdType(stored.type(), stored.id(), version));
    } catch (UnstorableException e) {
      throw new UnacceptableReportException("DiagnosticReport." + e.field(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException("DiagnosticReport.effective", e.getMessage());
    }
    return new Received(report, notes, true);
  }

  /**
   * Returns the system of the identifier that the report is stored under, since two senders may use
   * the same number.
   */
  private static String system(DiagnosticReport report, String reportId) {
    return report.getIdentifier().stream()
        .filter(identifier -> reportId.equals(identifier.getValue()))
        .map(Identifier::getSystem)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }
}
