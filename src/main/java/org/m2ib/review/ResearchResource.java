package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.research.ResearchExport;

/** {@code /api/cases/{id}/research-export}: a case without identifiers; docs/research-export.md. */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api")
@Blocking
public class ResearchResource {
  private static final Logger LOG = Logger.getLogger(ResearchResource.class);
  private static final String ZIP = "application/zip";

  private final CaseFinder finder;
  private final Supplier<ResearchExport> export;

  @Inject
  public ResearchResource(
      Instance<CaseStore> cases, Instance<ResultStore> results, Instance<ResearchExport> export) {
    this.finder = new CaseFinder(cases::get, results::get);
    this.export = export::get;
  }

  /** A ZIP of the case's images and results, de-identified; 409 if it has no results. */
  @GET
  @Path("cases/{id}/research-export")
  @Operation(
      operationId = "exportForResearch",
      summary = "Returns a case's images and results without identifiers, as a ZIP.")
  @APIResponse(
      responseCode = "200",
      description = "The export.",
      content =
          @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "409", description = "The case has no results.")
  @Recorded(action = "case-exported", subject = "case/{id}")
  public Response get(
      @PathParam("id") String id,
      @Parameter(
              description = "Whether to include the report's sentences, which are not cleaned.",
              schema =
                  @Schema(
                      type = SchemaType.STRING,
                      enumeration = {"true", "false"},
                      defaultValue = "false"))
          @QueryParam("sentences")
          String sentences,
      @Context SecurityContext who) {
    if (sentences != null && !List.of("true", "false").contains(sentences)) {
      throw new ProblemException(400, "sentences: must be true or false");
    }
    Case c = finder.find(id);
    List<StoredResult> valid =
        finder.results().get().of(c.id()).stream().filter(r -> !r.withdrawn()).toList();
    if (valid.isEmpty()) {
      throw new ProblemException(
          409, Refusal.NO_RESULTS, "The case has no results in state " + c.state());
    }
    LOG.infof("case %s is exported for research for %s", c.id(), who.getUserPrincipal().getName());
    boolean withSentences = "true".equals(sentences);
    StreamingOutput zip = out -> export.get().write(c.id(), valid, withSentences, out);
    return Response.ok(zip, ZIP)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"case.zip\"")
        .build();
  }
}
