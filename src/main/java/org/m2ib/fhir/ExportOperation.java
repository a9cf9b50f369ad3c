package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.api.PreferHandlingEnum;
import ca.uhn.fhir.rest.api.PreferHeader;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.export.Export;
import org.m2ib.fhir.export.Exports;

/**
 * {@code /fhir/$export}, by GET or POST: begins a bulk export (FHIR Bulk Data Access 2, kick-off
 * request).
 */
public final class ExportOperation {
  static final String NAME = "$export";
  private static final Pattern NDJSON =
      Pattern.compile("application/fhir[+ ]ndjson|application/ndjson|ndjson");
  private static final int RETRY_SECONDS = 60;

  private final FhirContext fhir;
  private final Supplier<Exports> exports;
  private final List<String> types;

  /**
   * @param types all that are served
   */
  ExportOperation(FhirContext fhir, Supplier<Exports> exports, List<String> types) {
    this.fhir = fhir;
    this.exports = exports;
    this.types = types;
  }

  @Operation(name = NAME, idempotent = true, manualResponse = true)
  public void begin(ServletRequestDetails request) {
    PreferHeader prefer = Prefer.of(request);
    if (!prefer.getRespondAsync()) {
      throw Refusal.of(400, IssueType.INVALID, "$export needs the header Prefer: respond-async");
    }
    Map<String, String[]> others = OperationInput.of(fhir, request);
    String[] format = others.remove("_outputFormat");
    String[] type = others.remove("_type");
    String[] since = others.remove(HistoryQuery.SINCE);
    if (!others.isEmpty() && prefer.getHanding() != PreferHandlingEnum.LENIENT) {
      throw Refusal.parameter(
          others.keySet().iterator().next(),
          IssueType.NOTSUPPORTED,
          "not supported; ignored with Prefer: handling=lenient");
    }
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
