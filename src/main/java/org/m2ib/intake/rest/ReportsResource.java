package org.m2ib.intake.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;

/**
 * {@code POST /api/reports} accepts a report as plain JSON, for scripts and small systems.
 *
 * <p>Answers 202 with the report's identifier once it is durable, 400 as problem+json (RFC 9457)
 * with the name of the field at fault, or 503 with Retry-After if it cannot be stored now.
 */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/reports")
public class ReportsResource {
  private static final Logger LOG = Logger.getLogger(ReportsResource.class);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Supplier<ReportIntake> intake;

  /**
   * Resolved on the first request, so that commands that do not serve requests never open storage.
   */
  @Inject
  public ReportsResource(Instance<ReportIntake> intake) {
    this.intake = intake::get;
  }

  public ReportsResource(ReportIntake intake) {
    this.intake = () -> intake;
  }

  /**
   * @param studyInstanceUid Study Instance UID; this, accessionNumber or orderNumber is required
   * @param accessionNumber accession number
   * @param issuerOfAccessionNumber namespace of the accession number, optional
   * @param orderNumber placer order number
   * @param patientId optional; if given, it must match the study's
   * @param issuerOfPatientId namespace of the patient identifier, optional
   * @param visitNumber identifier of the encounter, optional
   * @param reportId optional; a report with the same identifier amends the previous one
   * @param status preliminary, final, amended or cancelled; default final
   * @param text text of the report; may be absent if it is cancelled
   * @param language language of the text, optional: {@code de}, {@code de-CH}
   * @param issued time of this version, optional, in ISO 8601 with seconds and offset: {@code
   *     2026-01-02T03:04:05Z}; a version older than one already received is ignored
   */
  @Schema(name = "ReportBody")
  public record Body(
      String studyInstanceUid,
      String accessionNumber,
      String issuerOfAccessionNumber,
      String orderNumber,
      String patientId,
      String issuerOfPatientId,
      String visitNumber,
      String reportId,
      String status,
      String text,
      String language,
      String issued) {}

  /**
   * @param notes what was left out of the text; absent if nothing was
   */
  public record AcceptedReport(
      String reportId, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> notes) {}

  /** Reads the raw body instead of letting the framework parse it, because the bytes are stored. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  @Operation(operationId = "postReport", summary = "Accepts a report once it is stored durably.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Body.class)))
  @APIResponse(
      responseCode = "202",
      description = "The report is stored.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = AcceptedReport.class)))
  public Response post(byte[] raw) {
    try {
      ReportDraft draft = draft(parse(raw));
      String blob = intake.get().keep(raw, "api", List.of(draft));
      LOG.infof("report received, blob %s", blob);
      if (!draft.notes().isEmpty()) {
        LOG.infof("report, blob %s: %s", blob, String.join("; ", draft.notes()));
      }
      return Response.accepted(new AcceptedReport(draft.reportId(), draft.notes()))
          .type(MediaType.APPLICATION_JSON)
          .build();
    } catch (UnacceptableReportException e) {
      throw new ProblemException(400, e.place(), e.getMessage());
    }
  }

  private static Body parse(byte[] raw) {
    try {
      Body body = JSON.readValue(raw, Body.class);
      if (body == null) {
        throw new UnacceptableReportException("body", "must be a JSON object");
      }
      return body;
    } catch (UnrecognizedPropertyException e) {
      throw new UnacceptableReportException("body", "it has an unknown field");
    } catch (JsonProcessingException e) {
      throw new UnacceptableReportException(
          "body",
          "not a JSON object of text fields (line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ")");
    } catch (IOException e) {
      throw new UnacceptableReportException("body", "not valid JSON in UTF-8");
    }
  }

  static ReportDraft draft(Body body) {
    ReportStatus status = status(body.status());
    StudyKey study =
        new StudyKey(
            Identifiers.checkUid("studyInstanceUid", body.studyInstanceUid()),
            number("accessionNumber", body.accessionNumber()),
            name("issuerOfAccessionNumber", body.issuerOfAccessionNumber()),
            number("orderNumber", body.orderNumber()),
            number("patientId", body.patientId()),
            name("issuerOfPatientId", body.issuerOfPatientId()),
            number("visitNumber", body.visitNumber()));
    if (!study.identifiesStudy()) {
      throw new UnacceptableReportException(
          "studyInstanceUid",
          "the report names no study: give studyInstanceUid, accessionNumber or orderNumber");
    }
    String text = body.text() == null ? "" : body.text();
    if (text.isBlank() && status != ReportStatus.CANCELLED) {
      throw new UnacceptableReportException("text", "the report has no text");
    }
    return new ReportDraft(
        study,
        ReportDraft.idOr(name("reportId", body.reportId()), study),
        status,
        text,
        number("language", body.language()),
        new ReportTimes(issued(body.issued()), null),
        List.of());
  }

  private static String number(String field, String value) {
    return Identifiers.check(field, value, Identifiers.NUMBER);
  }

  private static String name(String field, String value) {
    return Identifiers.check(field, value, Identifiers.NAME);
  }

  private static String issued(String issued) {
    try {
      return issued == null ? null : ReportTimes.digits(OffsetDateTime.parse(issued).toInstant());
    } catch (DateTimeException e) {
      throw UnacceptableReportException.invalid(
          "issued", "must be an ISO 8601 date and time with an offset: 2026-01-02T03:04:05Z");
    }
  }

  private static ReportStatus status(String status) {
    if (status == null || status.isBlank()) {
      return ReportStatus.FINAL;
    }
    try {
      return ReportStatus.valueOf(status.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException(
          "status", "must be preliminary, final, amended or cancelled");
    }
  }
}
