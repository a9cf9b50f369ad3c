package org.m2ib.fhir;

import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.export.Export;
import org.m2ib.fhir.export.Exports;

/** {@code GET /fhir/$export}: begins a bulk export (FHIR Bulk Data Access 2, kick-off request). */
public final class ExportOperation {
  static final String NAME = "$export";
  private static final Pattern NDJSON =
      Pattern.compile("application/fhir[+ ]ndjson|application/ndjson|ndjson");
  private static final int RETRY_SECONDS = 60;

  private final Supplier<Exports> exports;
  private final List<String> types;

  /**
   * @param types all that are served
   */
  ExportOperation(Supplier<Exports> exports, List<String> types) {
    this.exports = exports;
    this.types = types;
  }

  @Operation(name = NAME, idempotent = true, manualResponse = true)
  public void begin(ServletRequestDetails request) {
    if (request.getRequestType() != RequestTypeEnum.GET) {
      throw Refusal.of(405, IssueType.NOTSUPPORTED, "$export is asked for by GET")
          .header("Allow", "GET");
    }
    String prefer = request.getHeader("Prefer");
    if (prefer == null || !prefer.contains("respond-async")) {
      throw Refusal.of(400, IssueType.INVALID, "$export needs the header Prefer: respond-async");
    }
    Map<String, String[]> others = new TreeMap<>(request.getParameters());
    String[] format = others.remove("_outputFormat");
    String[] type = others.remove("_type");
    String[] since = others.remove(HistoryQuery.SINCE);
    SearchQuery.none(others);
    if (format != null && !NDJSON.matcher(SearchQuery.only("_outputFormat", format)).matches()) {
      throw Refusal.parameter(
          "_outputFormat", IssueType.NOTSUPPORTED, "must be application/fhir+ndjson");
    }
    List<String> wanted = StudyEverything.types("_type", type, types);
    Access access = Access.of(request);
    wanted.forEach(access::search);
    Instant from =
        since == null
            ? Instant.EPOCH
            : HistoryQuery.instant(HistoryQuery.SINCE, SearchQuery.only(HistoryQuery.SINCE, since));
    Optional<Export> begun =
        exports.get().begin(access.client(), request.getCompleteUrl(), wanted, from);
    if (begun.isEmpty()) {
      throw Refusal.of(
              429, IssueType.THROTTLED, Exports.MOST + " exports are unfinished; wait for one")
          .retryAfter(RETRY_SECONDS);
    }
    HttpServletResponse response = request.getServletResponse();
    response.setStatus(202);
    response.setHeader(
        "Content-Location", request.getFhirServerBase() + "/export/" + begun.get().id());
  }
}
