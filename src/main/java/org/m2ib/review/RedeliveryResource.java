package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.logging.Logger;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.delivery.Redelivery;
import org.m2ib.models.ModelRegistry;

/**
 * {@code POST /api/redelivery}, {@code /api/redelivery/{delivery}}, {@code
 * /api/cases/{id}/redelivery} and {@code redo}: further attempts.
 */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api")
@Blocking
public class RedeliveryResource {
  private static final Logger LOG = Logger.getLogger(RedeliveryResource.class);

  private final Supplier<Redelivery> redelivery;
  private final Supplier<CaseStore> cases;
  private final Supplier<ModelRegistry> models;

  @Inject
  public RedeliveryResource(
      Instance<Redelivery> redelivery, Instance<CaseStore> cases, Instance<ModelRegistry> models) {
    this.redelivery = redelivery::get;
    this.cases = cases::get;
    this.models = models::get;
  }

  RedeliveryResource(Redelivery redelivery, CaseStore cases, ModelRegistry models) {
    this.redelivery = () -> redelivery;
    this.cases = () -> cases;
    this.models = () -> models;
  }

  /**
   * @param cases number of cases
   */
  record TriedAgain(int cases) {}

  /** Retries all dead letters; answers with the number of cases. */
  @POST
  @Path("redelivery")
  @Operation(operationId = "redeliverAll", summary = "Retries every delivery that was given up.")
  @Recorded(action = "dead-letters-redelivered", subject = "all")
  public TriedAgain all() {
    return new TriedAgain(redelivery.get().all());
  }

  /** Retries one dead letter; 409 if it is none any more. */
  @POST
  @Path("redelivery/{delivery}")
  @Operation(
      operationId = "redeliverOne",
      summary = "Retries one delivery that was given up, and no other of its case.")
  @APIResponseSchema(value = TriedAgain.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "The delivery was not given up.")
  @Consumes(MediaType.APPLICATION_JSON) // no body; another site's form cannot send this type
  @Recorded(action = "dead-letters-redelivered", subject = "delivery/{delivery}")
  public TriedAgain dead(
      @Parameter(
              description = "Id of the delivery.",
              schema = @Schema(type = SchemaType.STRING, format = "uuid"))
          @PathParam("delivery")
          String delivery) {
    UUID id;
    try {
      id = UUID.fromString(delivery);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(404, "There is no delivery with this id: it is not a UUID.");
    }
    if (!redelivery.get().dead(id)) {
      throw new ProblemException(
          409,
          Refusal.ALREADY_RETRIED,
          "The delivery has nothing to retry: it was not given up, or its case begins anew.");
    }
    return new TriedAgain(1);
  }

  /** Retries one case; 409 if it has nothing to retry. */
  @POST
  @Path("cases/{id}/redelivery")
  @Operation(operationId = "redeliverCase", summary = "Retries the deliveries of one case.")
  @APIResponseSchema(value = TriedAgain.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "The case has nothing to retry.")
  @Recorded(action = "case-redelivered", subject = "case/{id}")
  public TriedAgain one(@PathParam("id") String id) {
    Case c = CaseFinder.find(cases.get(), id);
    if (!redelivery.get().one(c.id())) {
      throw new ProblemException(
          409,
          Refusal.NOTHING_TO_RETRY,
          "The case has nothing to retry in state " + why(c.state()));
    }
    return new TriedAgain(1);
  }

  /**
   * Redoes one case with the given model; 409 if it has nothing to redo.
   *
   * @param model one of {@code /api/models}
   */
  @POST
  @Path("cases/{id}/redo")
  @Operation(
      operationId = "redoCase",
      summary = "Attributes a case again with a model that is named.")
  @APIResponseSchema(value = TriedAgain.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "The case has nothing to redo.")
  @Consumes(MediaType.APPLICATION_JSON) // no body; another site's form cannot send this type
  @Recorded(action = "case-redone", subject = "case/{id}")
  public TriedAgain redo(
      @PathParam("id") String id,
      @Parameter(required = true, description = "Name of the model.") @QueryParam("model")
          String model,
      @Context SecurityContext who) {
    return redo(id, model, who.getUserPrincipal().getName());
  }

  TriedAgain redo(String id, String model, String person) {
    Case c = CaseFinder.find(cases.get(), id);
    if (model == null) {
      throw new ProblemException(400, "model: required; one of " + models.get().names());
    }
    ModelsResource.find(models.get(), model);
    if (!redelivery.get().redo(c.id(), model)) {
      throw new ProblemException(
          409, Refusal.NOTHING_TO_REDO, "The case has nothing to redo in state " + c.state());
    }
    LOG.infof("case %s is redone by model %s for %s", c.id(), model, person);
    return new TriedAgain(1);
  }

  private static String why(CaseState state) {
    return state == CaseState.DELIVERED
        ? "DELIVERED: no destination was configured when it was attributed"
        : state.name();
  }
}
