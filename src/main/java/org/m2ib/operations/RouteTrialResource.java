package org.m2ib.operations;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.ActivityLog;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.operations.RouteTrial.Tried;
import org.m2ib.routes.CaseFacts;
import org.m2ib.routes.CaseRoutes;
import org.m2ib.routes.Fact;
import org.m2ib.routes.ImageFacts;
import org.m2ib.routes.ReportFacts;

/**
 * {@code POST /api/routes/trial}: which of the routes in force a case, or one with some attributes,
 * would take now, and why. Nothing is stored and nothing sent; the case keeps its route.
 */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/routes/trial")
@Blocking
public class RouteTrialResource {
  private final Supplier<CaseRoutes> routes;
  private final Supplier<CaseStore> cases;
  private final Supplier<ArrivalStore> arrivals;
  private final Supplier<Blobs> blobs;
  private final Supplier<ImageSelection> selection;
  private final M2ibConfig config;
  private final ActivityLog activity;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public RouteTrialResource(
      Instance<CaseRoutes> routes,
      Instance<CaseStore> cases,
      Instance<ArrivalStore> arrivals,
      Instance<Blobs> blobs,
      Instance<ImageSelection> selection,
      M2ibConfig config,
      ActivityLog activity) {
    this.routes = routes::get;
    this.cases = cases::get;
    this.arrivals = arrivals::get;
    this.blobs = blobs::get;
    this.selection = selection::get;
    this.config = config;
    this.activity = activity;
  }

  RouteTrialResource(
      CaseRoutes routes,
      CaseStore cases,
      ArrivalStore arrivals,
      Blobs blobs,
      ImageSelection selection,
      M2ibConfig config,
      ActivityLog activity) {
    this.routes = () -> routes;
    this.cases = () -> cases;
    this.arrivals = () -> arrivals;
    this.blobs = () -> blobs;
    this.selection = () -> selection;
    this.config = config;
    this.activity = activity;
  }

  @POST
  @Operation(
      operationId = "tryRoutes",
      summary = "Says which route a case would take now, and why; changes nothing.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = RouteTrialBody.class)))
  @APIResponseSchema(
      value = RouteTrialAnswer.class,
      responseCode = "200",
      responseDescription = "OK")
  public RouteTrialAnswer run(@Context HttpHeaders headers, byte[] body) {
    return run(RouteTrialBody.read(headers.getMediaType(), body));
  }

  RouteTrialAnswer run(RouteTrialBody sent) {
    RouteTrial trial = new RouteTrial(config, selection.get());
    if (sent.attributes() != null) {
      return attributes(trial, sent);
    }
    Case c = find(sent);
    activity.record("route-tried", "case/" + c.id());
    try {
      return stored(trial, c);
    } catch (IOException e) {
      throw new StorageUnavailableException("a stored file cannot be read", e);
    }
  }

  private Case find(RouteTrialBody sent) {
    Optional<Case> found =
        sent.caseId() != null
            ? cases.get().find(sent.caseId())
            : cases
                .get()
                .search(new CaseStore.Query(null, sent.accessionNumber(), null, false, 0, 1))
                .stream()
                .findFirst();
    return found.orElseThrow(
        () ->
            new ProblemException(
                404,
                sent.caseId() != null
                    ? "There is no case " + sent.caseId() + "."
                    : "There is no case with this accession number."));
  }

  private RouteTrialAnswer stored(RouteTrial trial, Case c) throws IOException {
    ReceivedReport report =
        c.reportArrival() == null ? null : arrivals.get().get(c.reportArrival()).report();
    String study = c.study().studyInstanceUid();
    List<Arrival> received = study == null ? List.of() : arrivals.get().images(study);
    List<RouteTrial.TriedImage> images = new ArrayList<>();
    for (Arrival each : received) {
      images.add(
          new RouteTrial.TriedImage(
              each.instance().sopInstanceUid(),
              each.instance().callingAeTitle(),
              header(each.instance().blob())));
    }
    Tried tried =
        new Tried(
            images,
            report == null ? null : report.source(),
            report == null ? null : report.language());
    return RouteTrialAnswer.of(c.id(), trial.of(tried, routes.get().decide(report, received)));
  }

  /** Without its pixels; one that is damaged keeps its place, and is not chosen. */
  private DicomObject header(String blob) throws IOException {
    try {
      return DicomObject.read(blobs.get().path(blob), before -> false);
    } catch (DicomException e) {
      return DicomObject.create();
    }
  }

  private RouteTrialAnswer attributes(RouteTrial trial, RouteTrialBody sent) {
    DicomObject header = sent.header();
    String sender = sent.attribute(Fact.CALLING_AE_TITLE);
    String language = sent.attribute(Fact.REPORT_LANGUAGE);
    CaseFacts facts =
        new CaseFacts(
            language == null ? ReportFacts.NONE : new ReportFacts(language, Optional::empty));
    facts.add(new ImageFacts(1, sender, sent.attribute(Fact.CALLED_AE_TITLE), header));
    Tried tried =
        new Tried(List.of(new RouteTrial.TriedImage(null, sender, header)), null, language);
    return RouteTrialAnswer.of(null, trial.ofAttributes(tried, routes.get().decide(facts)));
  }
}
