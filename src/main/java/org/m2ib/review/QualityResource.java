package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityFigure;
import org.m2ib.quality.QualityFilter;
import org.m2ib.quality.QualityRow;
import org.m2ib.results.fhir.FhirAgreementReport;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.review.QualityAnswers.QualityCaseEntry;
import org.m2ib.review.QualityAnswers.QualityCases;
import org.m2ib.review.QualityAnswers.QualityFigureAnswer;
import org.m2ib.review.QualityAnswers.QualityOverview;
import org.m2ib.review.QualityAnswers.QualityReference;

/** {@code /api/quality}: figures over many cases. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/quality")
@Blocking
public class QualityResource {
  static final int MOST_CASES = 500;
  private static final MediaType CSV = new MediaType("text", "csv");

  private static final MediaType FHIR = new MediaType("application", "fhir+json");

  private final Supplier<Quality> quality;
  private final Supplier<FhirBundle.Settings> fhir;
  private final Supplier<Clock> clock;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public QualityResource(
      Instance<Quality> quality, Instance<FhirBundle.Settings> fhir, Instance<Clock> clock) {
    this.quality = quality::get;
    this.fhir = fhir::get;
    this.clock = clock::get;
  }

  QualityResource(Quality quality, FhirBundle.Settings fhir, Clock clock) {
    this.quality = () -> quality;
    this.fhir = () -> fhir;
    this.clock = () -> clock;
  }

  /** What there is to compute figures from. */
  @GET
  @Operation(
      operationId = "getQuality",
      summary = "Returns what there is to compute quality figures from, and their filters.")
  public QualityOverview overview(@BeanParam QualityParameters parameters) {
    parameters.weeks();
    Quality of = quality.get();
    QualityReference reference = new QualityReference(reference(parameters));
    Quality.Overview all = of.overview();
    return new QualityOverview(
        all.cases(),
        all.results(),
        all.judged(),
        all.devices(),
        QualityRow.FEW,
        QualityFigure.codes(),
        all.models(),
        all.modalities(),
        all.senders(),
        reference);
  }

  /** The rows of a figure. */
  @GET
  @Path("{figure}")
  @Operation(
      operationId = "getQualityFigure",
      summary =
          "Returns the rows of a quality figure, as JSON or CSV; agreement also as MeasureReport.")
  @APIResponse(
      responseCode = "200",
      description = "The figure.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = QualityFigureAnswer.class)),
        @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)),
        @Content(
            mediaType = "application/fhir+json; fhirVersion=4.0",
            schema = @Schema(type = SchemaType.OBJECT))
      })
  @APIResponse(responseCode = "406", description = "Accept allows no form.")
  public Response figure(
      @Parameter(
              description = "agreement, concordance, drift, cusum, maps, subgroups or turnaround.")
          @PathParam("figure")
          String figure,
      @BeanParam QualityParameters parameters,
      @Context HttpHeaders headers) {
    return figure(figure, parameters, headers.getAcceptableMediaTypes());
  }

  Response figure(String figure, QualityParameters parameters, List<MediaType> accepted) {
    QualityFigure which = find(figure);
    QualityFilter filter = parameters.filter();
    boolean weeks = parameters.weeks();
    Quality.Reference reference = reference(parameters);
    MediaType form =
        forms(which).stream()
            .max(Comparator.comparingDouble(type -> Accept.weight(accepted, type)))
            .filter(type -> Accept.weight(accepted, type) > 0)
            .orElseThrow(
                () ->
                    new ProblemException(
                        406,
                        "Accept: a figure is application/json or text/csv; agreement also"
                            + " application/fhir+json"));
    List<QualityRow> rows = quality.get().rows(which, filter, reference, weeks);
    if (form.equals(CSV)) {
      return Response.ok(QualityAnswers.csv(rows), CSV.withCharset("utf-8"))
          .header(
              HttpHeaders.CONTENT_DISPOSITION,
              "attachment; filename=\"quality-" + which.code() + ".csv\"")
          .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
          .build();
    }
    if (form.equals(FHIR)) {
      String report =
          new FhirAgreementReport(fhir.get().names())
              .json(
                  QualityAnswers.asked(rows),
                  filter.from(),
                  filter.to(),
                  Date.from(clock.get().instant()));
      return Response.ok(report, form).header(HttpHeaders.VARY, HttpHeaders.ACCEPT).build();
    }
    return Response.ok(
            new QualityFigureAnswer(which.code(), new QualityReference(reference), rows), form)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .build();
  }

  private static List<MediaType> forms(QualityFigure figure) {
    return figure == QualityFigure.AGREEMENT
        ? List.of(MediaType.APPLICATION_JSON_TYPE, CSV, FHIR)
        : List.of(MediaType.APPLICATION_JSON_TYPE, CSV);
  }

  /** The cases behind a row. */
  @GET
  @Path("{figure}/cases")
  @Operation(
      operationId = "listQualityCases",
      summary = "Lists the cases behind a row of a quality figure, the latest received first.")
  public QualityCases cases(
      @Parameter(description = "As of the figure.") @PathParam("figure") String figure,
      @BeanParam QualityParameters parameters,
      @Parameter(required = true, description = "measure of the row.") @QueryParam("measure")
          String measure,
      @Parameter(required = true, description = "by of the row.") @QueryParam("by") String by,
      @Parameter(description = "group of the row; empty for what is not known.")
          @QueryParam("group")
          String group) {
    QualityFigure which = find(figure);
    if (measure == null || by == null) {
      throw new ProblemException(400, "measure, by: required, as a row of the figure has them");
    }
    parameters.weeks();
    reference(parameters);
    String value = WorklistParameters.text("group", group);
    try {
      List<QualityCaseEntry> found =
          quality
              .get()
              .cases(
                  which,
                  parameters.filter(),
                  measure,
                  by,
                  value == null ? "" : value,
                  MOST_CASES + 1)
              .stream()
              .map(QualityCaseEntry::new)
              .toList();
      return new QualityCases(
          found.subList(0, Math.min(MOST_CASES, found.size())), found.size() > MOST_CASES);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  private Quality.Reference reference(QualityParameters parameters) {
    return quality
        .get()
        .reference(parameters.filter(), parameters.referenceFrom(), parameters.referenceTo());
  }

  private static QualityFigure find(String figure) {
    return QualityFigure.of(figure)
        .orElseThrow(
            () ->
                new ProblemException(
                    404, "There is no such figure; the figures are " + QualityFigure.codes()));
  }
}
