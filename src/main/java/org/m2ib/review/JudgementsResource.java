package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Viewer;
import org.m2ib.results.ResultJson;
import org.m2ib.results.fhir.FhirJudgements;
import org.m2ib.results.objects.JudgementReport;
import org.m2ib.review.JudgementAnswers.CaseJudgements;
import org.m2ib.review.JudgementAnswers.JudgedSentence;
import org.m2ib.review.JudgementAnswers.JudgementDetails;

/** {@code /api/cases/{id}/judgements} and those of one sentence. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api")
@Blocking
public class JudgementsResource {
  private final Supplier<Database> database;
  private final CaseFinder finder;
  private final Supplier<JudgementStore> judgements;
  private final Supplier<CampaignStore> campaigns;
  private final Supplier<ArrivalStore> arrivals;
  private final Supplier<ResourceStore> resources;
  private final Supplier<FhirJudgements> fhir;
  private final Supplier<JudgingRules> rules;
  private final Supplier<Blobs> blobs;
  private final Supplier<JudgementReport> reports;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public JudgementsResource(
      Instance<Database> database,
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<JudgementStore> judgements,
      Instance<CampaignStore> campaigns,
      Instance<ArrivalStore> arrivals,
      Instance<ResourceStore> resources,
      Instance<FhirJudgements> fhir,
      Instance<JudgingPolicy> policy,
      Instance<Blobs> blobs,
      Instance<JudgementReport> reports) {
    this.database = database::get;
    this.finder = new CaseFinder(cases::get, results::get);
    this.judgements = judgements::get;
    this.campaigns = campaigns::get;
    this.arrivals = arrivals::get;
    this.resources = resources::get;
    this.fhir = fhir::get;
    this.rules = () -> new JudgingRules(policy.get(), campaigns.get());
    this.blobs = blobs::get;
    this.reports = reports::get;
  }

  JudgementsResource(
      Database database,
      CaseStore cases,
      ResultStore results,
      JudgementStore judgements,
      CampaignStore campaigns,
      ArrivalStore arrivals,
      ResourceStore resources,
      FhirJudgements fhir,
      JudgingPolicy policy,
      Blobs blobs) {
    this.database = () -> database;
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.judgements = () -> judgements;
    this.campaigns = () -> campaigns;
    this.arrivals = () -> arrivals;
    this.resources = () -> resources;
    this.fhir = () -> fhir;
    this.rules = () -> new JudgingRules(policy, campaigns);
    this.blobs = () -> blobs;
    this.reports = () -> new JudgementReport(9800, "1.0");
  }

  /** Every judgement of a case by its sentence, those of withdrawn sentences too. */
  @GET
  @Path("cases/{id}/judgements")
  @Operation(
      operationId = "listJudgements",
      summary = "Lists every judgement of a case by its sentence.")
  public CaseJudgements all(@PathParam("id") String id, @Context SecurityContext who) {
    return all(id, who.getUserPrincipal().getName());
  }

  CaseJudgements all(String id, String person) {
    Case c = finder.find(id);
    List<Judgement> all = judgements.get().of(c.id());
    Viewer viewer = viewer(c, person);
    List<Judgement> visible = Blinding.visible(all, viewer);
    return new CaseJudgements(
        finder.results().get().of(c.id()).stream()
            .filter(r -> visible.stream().anyMatch(j -> j.resultId().equals(r.id())))
            .map(r -> JudgedSentence.of(r, all, viewer))
            .toList());
  }

  /**
   * Adds a person's judgement of a sentence.
   *
   * @param of id of the sentence that the person saw; absent for the present one
   */
  @RolesAllowed(Roles.REVIEWER)
  @POST
  @Path("cases/{id}/sentences/{n}/judgements")
  @Operation(operationId = "judge", summary = "Adds a judgement of a sentence.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JudgementBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The judgement.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JudgementDetails.class)))
  @APIResponse(
      responseCode = "200",
      description = "The judgement was sent before.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JudgementDetails.class)))
  @APIResponse(responseCode = "403", description = "Somebody else has to decide.")
  @APIResponse(
      responseCode = "409",
      description = "The report has been amended since, or all readers have judged.")
  @Recorded(action = "judgement-added", subject = "case/{id}")
  public Response judge(
      @PathParam("id") String id,
      @PathParam("n") String n,
      @Parameter(
              description = "Id of the sentence as the person saw it.",
              schema = @Schema(format = "uuid"))
          @QueryParam("of")
          String of,
      @Context HttpHeaders headers,
      @Context SecurityContext who,
      byte[] body) {
    JudgementBody sent = JudgementBody.read(headers.getMediaType(), body);
    if (sent.arbitration() && !who.isUserInRole(Roles.ARBITER)) {
      throw new ProblemException(
          403, Refusal.NOT_AN_ARBITER, "arbitration: needs the role arbiter");
    }
    return judge(id, n, of, who.getUserPrincipal().getName(), sent);
  }

  Response judge(String id, String n, String of, String person, JudgementBody sent) {
    Case c = finder.find(id);
    return database
        .get()
        .inTransaction(
            () -> {
              finder.cases().get().lock(c.id()); // against a withdrawal meanwhile
              Judgement before =
                  sent.id() == null ? null : judgements.get().find(sent.id()).orElse(null);
              if (before != null) {
                return repeated(before, c, person, sent);
              }
              rules.get().checkAuthor(authors(c), person);
              StoredResult result = finder.find(id, n, of);
              List<Judgement> all = judgements.get().of(c.id());
              Judgement made = rules.get().judgement(result, sent, person, all, judgements.get());
              judgements.get().add(made);
              publish(result);
              return answer(made, 201);
            });
  }

  private List<String> authors(Case c) {
    return c.reportArrival() == null
        ? List.of()
        : arrivals.get().get(c.reportArrival()).report().authors();
  }

  /** The same judgement may be sent again after a lost connection. */
  private Response repeated(Judgement before, Case c, String person, JudgementBody sent) {
    boolean same =
        before.caseId().equals(c.id())
            && before.person().equals(person)
            && before.answers().equals(sent.answers())
            && before.stage() == sent.stage()
            && before.note().equals(sent.note());
    if (!same) {
      throw new ProblemException(409, "id: another judgement has it");
    }
    return answer(before, 200);
  }

  private Response answer(Judgement judgement, int status) {
    List<Judgement> all = judgements.get().of(judgement.caseId());
    return Response.status(status)
        .location(URI.create(CaseAnswers.path(judgement.caseId()) + "/judgements"))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(
            JudgementDetails.of(
                judgement,
                Judgement.counting(all).contains(judgement),
                Blinding.open(all).contains(judgement)))
        .build();
  }

  /** A judgement with its region as a DICOM structured report. */
  @GET
  @Path("cases/{id}/judgements/{judgement}/report")
  @Operation(
      operationId = "getJudgementReport",
      summary = "Returns a judgement with its region as a DICOM structured report.")
  @APIResponse(
      responseCode = "200",
      description = "The report, a Part 10 file.",
      content =
          @Content(
              mediaType = "application/dicom",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response report(
      @PathParam("id") String id,
      @PathParam("judgement") String judgement,
      @Context SecurityContext who) {
    return report(id, judgement, who.getUserPrincipal().getName());
  }

  Response report(String id, String judgement, String person) {
    Case c = finder.find(id);
    Judgement found =
        find(judgement, Blinding.visible(judgements.get().of(c.id()), viewer(c, person)));
    StoredResult result = finder.results().get().find(found.resultId()).orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      DicomObject source = DicomObject.read(blobs.get().path(result.imageBlob()), header -> false);
      reports
          .get()
          .of(found, rules.get().inWords(found), ResultJson.read(result.body()), source)
          .write(out);
    } catch (IOException e) {
      throw new ProblemException(
          500, "The image of the judgement cannot be read. Restore objects/ in the data folder.");
    }
    return Response.ok(out.toByteArray(), "application/dicom")
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + found.id() + ".dcm\"")
        .build();
  }

  private Viewer viewer(Case c, String person) {
    return new Viewer(person, campaigns.get().awaited(c.id(), person, judgements.get().now()));
  }

  /** Undoes a person's own latest judgement of a sentence; it stays readable. */
  @RolesAllowed(Roles.REVIEWER)
  @DELETE
  @Path("cases/{id}/judgements/{judgement}")
  @Operation(
      operationId = "undoJudgement",
      summary = "Undoes a person's own latest judgement of a sentence.")
  @APIResponseSchema(value = CaseJudgements.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "403", description = "The judgement is another person's.")
  @APIResponse(responseCode = "409", description = "The judgement does not count any more.")
  @Recorded(action = "judgement-undone", subject = "judgement/{judgement}")
  public CaseJudgements undo(
      @PathParam("id") String id,
      @PathParam("judgement") String judgement,
      @Context SecurityContext who) {
    return undo(id, judgement, who.getUserPrincipal().getName());
  }

  CaseJudgements undo(String id, String judgement, String person) {
    Case c = finder.find(id);
    database
        .get()
        .inTransaction(
            () -> {
              finder.cases().get().lock(c.id());
              Judgement own = own(c, judgement, person);
              judgements.get().undo(own.id());
              publish(finder.results().get().find(own.resultId()).orElseThrow());
              return own;
            });
    return all(id, person);
  }

  private static Judgement find(String id, List<Judgement> among) {
    return among.stream()
        .filter(j -> j.id().toString().equals(id))
        .findFirst()
        .orElseThrow(() -> new ProblemException(404, "The case has no such judgement."));
  }

  private Judgement own(Case c, String id, String person) {
    List<Judgement> all = judgements.get().of(c.id());
    Judgement found = find(id, all);
    Undoing.checkOwn(found.person(), person);
    rules.get().checkUndo(found, judgements.get().now());
    if (Blinding.isComplete(all, found.unit()) && !found.arbitration()) {
      throw new ProblemException(
          409,
          Refusal.ALL_HAVE_JUDGED_STAYS,
          "All readers have judged this sentence: what they said stays. An arbiter decides.");
    }
    Undoing.checkCounts(Judgement.counting(all).contains(found));
    return found;
  }

  private void publish(StoredResult result) {
    List<Judgement> all = judgements.get().of(result.caseId());
    fhir.get().of(List.of(result), all).forEach(resources.get()::put);
  }
}
