package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.CaseSummary;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.Prior;
import org.m2ib.cases.PriorStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Viewer;
import org.m2ib.results.InteractionsDocument;
import org.m2ib.results.ResultJson;
import org.m2ib.review.CaseAnswers.CaseChange;
import org.m2ib.review.CaseAnswers.CaseDelivery;
import org.m2ib.review.CaseAnswers.CaseDetails;
import org.m2ib.review.CaseAnswers.CaseEntry;
import org.m2ib.review.CaseAnswers.CaseHead;
import org.m2ib.review.CaseAnswers.CaseImage;
import org.m2ib.review.CaseAnswers.CaseList;
import org.m2ib.review.CaseAnswers.CasePatient;
import org.m2ib.review.CaseAnswers.CasePrior;
import org.m2ib.review.CaseAnswers.CaseReport;
import org.m2ib.review.SentenceAnswers.OtherModels;
import org.m2ib.review.SentenceAnswers.SentenceDetails;
import org.m2ib.review.SentenceAnswers.SentenceMap;

/**
 * {@code /api/cases}: states and maps of cases. The class has the path {@code /api} because only
 * classes with the longest matching path are considered (Jakarta REST 3.7.2), and another class
 * handles redelivery of a case.
 */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api")
@Blocking
public class CasesResource {
  private static final MediaType PNG = new MediaType("image", "png");
  private static final MediaType DICOM = new MediaType("application", "dicom");

  private final CaseFinder finder;
  private final Supplier<ArrivalStore> arrivals;
  private final Supplier<JudgementStore> judgements;
  private final Supplier<CampaignStore> campaigns;
  private final Supplier<JudgingPolicy> policy;
  private final Supplier<Outbox> outbox;
  private final Supplier<Blobs> blobs;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public CasesResource(
      Instance<CaseStore> cases,
      Instance<ArrivalStore> arrivals,
      Instance<ResultStore> results,
      Instance<JudgementStore> judgements,
      Instance<CampaignStore> campaigns,
      Instance<JudgingPolicy> policy,
      Instance<Outbox> outbox,
      Instance<Blobs> blobs) {
    this.finder = new CaseFinder(cases::get, results::get);
    this.arrivals = arrivals::get;
    this.judgements = judgements::get;
    this.campaigns = campaigns::get;
    this.policy = policy::get;
    this.outbox = outbox::get;
    this.blobs = blobs::get;
  }

  CasesResource(
      CaseStore cases,
      ArrivalStore arrivals,
      ResultStore results,
      JudgementStore judgements,
      CampaignStore campaigns,
      JudgingPolicy policy,
      Outbox outbox,
      Blobs blobs) {
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.arrivals = () -> arrivals;
    this.judgements = () -> judgements;
    this.campaigns = () -> campaigns;
    this.policy = () -> policy;
    this.outbox = () -> outbox;
    this.blobs = () -> blobs;
  }

  /** The matching cases, the most recently changed first, in pages. */
  @GET
  @Path("cases")
  @Operation(operationId = "listCases", summary = "Lists cases, the most recently changed first.")
  public CaseList search(
      @Parameter(description = "Study Instance UID (0020,000D).") @QueryParam("studyInstanceUid")
          String studyInstanceUid,
      @Parameter(description = "Accession number (0008,0050).") @QueryParam("accessionNumber")
          String accessionNumber,
      @Parameter(
              description = "State of the case.",
              schema = @Schema(implementation = CaseState.class))
          @QueryParam("state")
          String state,
      @Parameter(
              description = "Only cases with an alarm. The only value is true.",
              schema = @Schema(type = SchemaType.STRING, enumeration = "true"))
          @QueryParam("alarms")
          String alarms,
      @Parameter(
              description = "How many cases to skip.",
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = "0",
                      maximum = "" + CaseSearch.MOST_SKIPPED,
                      defaultValue = "0"))
          @QueryParam("offset")
          String offset,
      @Parameter(
              description = "How many cases to list.",
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = "1",
                      maximum = "" + CaseSearch.MOST,
                      defaultValue = "" + CaseSearch.USUAL))
          @QueryParam("limit")
          String limit) {
    CaseSearch search =
        CaseSearch.of(studyInstanceUid, accessionNumber, state, alarms, offset, limit);
    List<CaseSummary> found = finder.cases().get().summaries(search.query());
    return new CaseList(
        found.stream().limit(search.limit()).map(CaseEntry::new).toList(),
        found.size() > search.limit() ? search.next() : null);
  }

  /** One case with its report, images, sentences and deliveries. */
  @GET
  @Path("cases/{id}")
  @Operation(
      operationId = "getCase",
      summary = "Returns a case with its report, images, sentences and deliveries.")
  @Recorded(action = "case-opened", subject = "case/{id}")
  public CaseDetails get(@PathParam("id") String id, @Context SecurityContext who) {
    return get(id, who.getUserPrincipal().getName());
  }

  CaseDetails get(String id, String person) {
    Case c = finder.find(id);
    List<StoredResult> all = finder.results().get().of(c.id());
    List<StoredResult> valid = all.stream().filter(r -> !r.withdrawn()).toList();
    List<Judgement> judged = judgements.get().of(c.id());
    List<Arrival> images = arrivals.get().images(c.study().studyInstanceUid());
    Viewer viewer =
        new Viewer(person, campaigns.get().awaited(c.id(), person, judgements.get().now()));
    PriorStore priors = finder.cases().get().priors();
    return new CaseDetails(
        new CaseHead(c),
        finder.cases().get().hasAlarm(c.id()),
        images.isEmpty() ? null : CasePatient.of(images.get(0).study()),
        report(c, person),
        images.stream().map(image -> CaseImage.of(c, image)).toList(),
        valid.stream().map(r -> SentenceDetails.of(r, judged, viewer)).toList(),
        all.size() - valid.size(),
        outbox.get().of(c.id()).stream().map(CaseDelivery::new).toList(),
        arrivals.get().history().of(c.id()).stream().map(CaseChange::new).toList(),
        priors.of(c.id()).stream().map(prior -> prior(c, prior)).toList(),
        priors.said(c.id()));
  }

  private CasePrior prior(Case c, Prior prior) {
    StudyKey study = new StudyKey(prior.studyInstanceUid(), null, null, null, null, null);
    return CasePrior.of(
        c.id(),
        prior,
        finder.cases().get().sharing(study).stream().filter(Case::images).findFirst().orElse(null));
  }

  private CaseReport report(Case c, String person) {
    if (c.reportArrival() == null) {
      return null;
    }
    Arrival arrival = arrivals.get().get(c.reportArrival());
    return new CaseReport(
        arrival, policy.get().authors().isOwn(arrival.report().authors(), person));
  }

  /** The map of one sentence: a picture or, by Accept, numbers. */
  @GET
  @Path("cases/{id}/sentences/{n}/map")
  @Operation(
      operationId = "getMap",
      summary = "Returns the map of a sentence, as a picture or in numbers.")
  @APIResponse(
      responseCode = "200",
      description = "The map.",
      content = {
        @Content(
            mediaType = "image/png",
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = SentenceMap.class))
      })
  @APIResponse(responseCode = "304", description = "The picture has not changed.")
  @APIResponse(responseCode = "406", description = "Accept allows neither form.")
  public Response map(
      @PathParam("id") String id,
      @PathParam("n") String n,
      @Context HttpHeaders headers,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
    return map(id, n, headers.getAcceptableMediaTypes(), known);
  }

  Response map(String id, String n, List<MediaType> accepted, String known) {
    StoredResult result = finder.find(id, n);
    double png = Accept.weight(accepted, PNG);
    double json = Accept.weight(accepted, MediaType.APPLICATION_JSON_TYPE);
    if (png == 0 && json == 0) {
      throw new ProblemException(406, "Accept: a map is image/png or application/json");
    }
    return (png >= json
            ? file(result.pictureBlob(), PNG, known)
            : Response.ok(SentenceMap.of(result), MediaType.APPLICATION_JSON_TYPE))
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .build();
  }

  /** What other models made of one sentence, before the case was attributed again. */
  @GET
  @Path("cases/{id}/sentences/{n}/other-models")
  @Operation(
      operationId = "listOtherModels",
      summary = "Returns the maps of a sentence by models that attributed the case before.")
  public OtherModels otherModels(@PathParam("id") String id, @PathParam("n") String n) {
    StoredResult result = finder.find(id, n);
    return SentenceAnswers.others(result, finder.results().get().of(result.caseId()));
  }

  /** Which word of one sentence goes with which region of its image. */
  @GET
  @Path("cases/{id}/sentences/{n}/interactions")
  @Operation(
      operationId = "getInteractions",
      summary = "Returns which word of a sentence goes with which region of its image.")
  public InteractionsDocument interactions(@PathParam("id") String id, @PathParam("n") String n) {
    InteractionsDocument found =
        InteractionsDocument.of(ResultJson.read(finder.find(id, n).body()));
    if (found == null) {
      throw new ProblemException(
          404,
          Refusal.NO_INTERACTIONS,
          "This sentence has no interactions: m2ib.attribution.interactions was off when it was"
              + " attributed, or they failed and the log says why.");
    }
    return found;
  }

  /** The secondary capture of one sentence, a Part 10 file. */
  @GET
  @Path("cases/{id}/sentences/{n}/capture")
  @Operation(
      operationId = "getCapture",
      summary = "Returns the secondary capture of a sentence, a DICOM Part 10 file.")
  @APIResponse(
      responseCode = "200",
      description = "The secondary capture.",
      content =
          @Content(
              mediaType = "application/dicom",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "304", description = "The file has not changed.")
  public Response capture(
      @PathParam("id") String id,
      @PathParam("n") String n,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String known) {
    StoredResult result = finder.find(id, n);
    if (result.captureBlob().isEmpty()) {
      throw new ProblemException(
          404, "The capture is written when all sentences of its image are attributed.");
    }
    String name = ResultJson.read(result.body()).capture().sopInstanceUid() + ".dcm";
    return file(result.captureBlob(), DICOM, known)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
        .build();
  }

  /** The content of a URL may change with the report; the ETag is the hash of its bytes. */
  private Response.ResponseBuilder file(String blob, MediaType type, String known) {
    java.nio.file.Path file = blobs.get().path(blob);
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(
          500, "The file " + blob + " is missing from objects/ in the data folder. Restore it.");
    }
    boolean same = known != null && known.contains(blob);
    return (same ? Response.notModified() : Response.ok(file, type))
        .header(HttpHeaders.ETAG, "\"" + blob + "\"");
  }
}
