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
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Roles;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.JudgementStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.results.fhir.FhirJudgements;
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
  private final Supplier<ResourceStore> resources;
  private final Supplier<FhirJudgements> fhir;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public JudgementsResource(
      Instance<Database> database,
      Instance<CaseStore> cases,
      Instance<ResultStore> results,
      Instance<JudgementStore> judgements,
      Instance<ResourceStore> resources,
      Instance<FhirJudgements> fhir) {
    this.database = database::get;
    this.finder = new CaseFinder(cases::get, results::get);
    this.judgements = judgements::get;
    this.resources = resources::get;
    this.fhir = fhir::get;
  }

  JudgementsResource(
      Database database,
      CaseStore cases,
      ResultStore results,
      JudgementStore judgements,
      ResourceStore resources,
      FhirJudgements fhir) {
    this.database = () -> database;
    this.finder = new CaseFinder(() -> cases, () -> results);
    this.judgements = () -> judgements;
    this.resources = () -> resources;
    this.fhir = () -> fhir;
  }

  /** Every judgement of a case by its sentence, those of withdrawn sentences too. */
  @GET
  @Path("cases/{id}/judgements")
  @Operation(
      operationId = "listJudgements",
      summary = "Lists every judgement of a case by its sentence.")
  public CaseJudgements all(@PathParam("id") String id) {
    Case c = finder.find(id);
    List<Judgement> all = judgements.get().of(c.id());
    return new CaseJudgements(
        finder.results().get().of(c.id()).stream()
            .filter(r -> all.stream().anyMatch(j -> j.resultId().equals(r.id())))
            .map(r -> JudgedSentence.of(r, all))
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
  @APIResponse(responseCode = "409", description = "The report has been amended since.")
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
    return judge(id, n, of, headers.getMediaType(), who.getUserPrincipal().getName(), body);
  }

  Response judge(String id, String n, String of, MediaType type, String person, byte[] body) {
    JudgementBody sent = JudgementBody.read(type, body);
    Case c = finder.find(id);
    Judgement saved =
        database
            .get()
            .inTransaction(
                () -> {
                  finder.cases().get().lock(c.id()); // against a withdrawal meanwhile
                  return save(finder.find(id, n, of), sent, person);
                });
    return Response.created(URI.create(CaseAnswers.path(c.id()) + "/judgements"))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(JudgementDetails.of(saved, true))
        .build();
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
    return all(id);
  }

  private Judgement own(Case c, String id, String person) {
    List<Judgement> all = judgements.get().of(c.id());
    Judgement found =
        all.stream()
            .filter(j -> j.id().toString().equals(id))
            .findFirst()
            .orElseThrow(() -> new ProblemException(404, "The case has no such judgement."));
    if (!found.person().equals(person)) {
      throw new ProblemException(403, "The judgement is another person's. Only they can undo it.");
    }
    if (!Judgement.counting(all).contains(found)) {
      throw new ProblemException(
          409, "The judgement no longer counts: it was undone or replaced by a later one.");
    }
    return found;
  }

  private void publish(StoredResult result) {
    List<Judgement> all = judgements.get().of(result.caseId());
    fhir.get().of(List.of(result), all).forEach(resources.get()::put);
  }

  private Judgement save(StoredResult result, JudgementBody sent, String person) {
    try {
      Judgement saved = judgements.get().add(result, sent.verdict(), sent.note(), person);
      publish(result);
      return saved;
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }
}
