package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Roles;
import org.m2ib.cases.ModelSwitch;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.clip.ModelException;
import org.m2ib.models.ModelRegistry;
import org.m2ib.review.ModelAnswers.ModelEntry;
import org.m2ib.review.ModelAnswers.ModelList;
import org.m2ib.review.ModelAnswers.ShadowSummary;
import org.m2ib.review.ModelAnswers.SwitchEntry;

/** {@code /api/models}: the models and the default. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/models")
@Blocking
public class ModelsResource {
  private final Supplier<ModelRegistry> models;
  private final Supplier<ModelSwitchStore> switches;
  private final Supplier<ShadowStore> shadows;

  /** Looked up on the first request, because commands without a server load no model. */
  @Inject
  public ModelsResource(
      Instance<ModelRegistry> models,
      Instance<ModelSwitchStore> switches,
      Instance<ShadowStore> shadows) {
    this.models = models::get;
    this.switches = switches::get;
    this.shadows = shadows::get;
  }

  public ModelsResource(ModelRegistry models, ModelSwitchStore switches, ShadowStore shadows) {
    this.models = () -> models;
    this.switches = () -> switches;
    this.shadows = () -> shadows;
  }

  /** Every model, and the history of the default. */
  @GET
  @Operation(
      operationId = "listModels",
      summary = "Lists the models and every change of the default.")
  public ModelList all() {
    List<ModelSwitch> all = switches.get().all();
    return new ModelList(
        models.get().defaultName(),
        models.get().before().orElse(null),
        models.get().names().stream().map(name -> ModelEntry.of(name, models.get(), all)).toList(),
        all.stream().map(SwitchEntry::new).toList());
  }

  /** Makes it the default; 409 if it is already, or cannot be loaded. */
  @RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
  @POST
  @Path("{name}/activate")
  @Operation(operationId = "activateModel", summary = "Makes a model the default.")
  @APIResponseSchema(value = ModelEntry.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "It is the default, or cannot be loaded.")
  @Consumes(MediaType.APPLICATION_JSON) // no body; another site's form cannot send this type
  @Recorded(action = "model-activated", subject = "model/{name}")
  public ModelEntry activate(@PathParam("name") String name, @Context SecurityContext who) {
    return activate(name, who.getUserPrincipal().getName());
  }

  ModelEntry activate(String name, String person) {
    return switched(
        () -> {
          find(models.get(), name);
          return models.get().activate(name, person);
        },
        name + " is already the default.");
  }

  /** Makes the previous default the default again; 409 if there is none. */
  @RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
  @POST
  @Path("rollback")
  @Operation(
      operationId = "rollBackModel",
      summary = "Makes the previous default the default again.")
  @APIResponseSchema(value = ModelEntry.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "There is no previous default.")
  @Consumes(MediaType.APPLICATION_JSON)
  @Recorded(action = "model-rolled-back", subject = "model/")
  public ModelEntry rollBack(@Context SecurityContext who) {
    return rollBack(who.getUserPrincipal().getName());
  }

  ModelEntry rollBack(String person) {
    return switched(
        () -> models.get().rollBack(person), "There is no previous default to roll back to.");
  }

  /** Mean figures of a model in shadow, and of the active models for the same input. */
  @GET
  @Path("{name}/shadow")
  @Operation(
      operationId = "getShadowSummary",
      summary = "Compares a model in shadow with the active models: means.")
  @APIResponseSchema(value = ShadowSummary.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "The model is off and has not been loaded yet.")
  public ShadowSummary shadow(@PathParam("name") String name) {
    find(models.get(), name);
    String hash =
        models
            .get()
            .known(name)
            .map(known -> known.card().hash())
            .orElseThrow(
                () -> new ProblemException(409, name + " is off and has not been loaded yet"));
    return ShadowSummary.of(name, hash, shadows.get().summary(hash));
  }

  private ModelEntry switched(Supplier<Boolean> work, String problem) {
    try {
      if (!work.get()) {
        throw new ProblemException(409, problem);
      }
    } catch (ModelException e) {
      throw new ProblemException(409, "Nothing has changed: " + e.getMessage());
    }
    return ModelEntry.of(models.get().defaultName(), models.get(), switches.get().all());
  }

  /**
   * @throws ProblemException 404, naming the existing ones
   */
  static void find(ModelRegistry models, String name) {
    if (!models.names().contains(name)) {
      throw new ProblemException(404, "There is no such model. The models are " + models.names());
    }
  }
}
