package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.m2ib.cases.ModelSwitch;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.cases.ShadowStore;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.loading.ModelOutline;
import org.m2ib.models.ModelRegistry;

/** {@code /api/models}: which models there are, and which is the default. */
@Path("/api/models")
@Blocking
public class ModelsResource {
  private final Supplier<ModelRegistry> models;
  private final Supplier<ModelSwitchStore> switches;
  private final Supplier<ShadowStore> shadows;

  /** Looked up on the first request: the commands that serve nothing load no model. */
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

  /** Every model, and who made which one the default, in order. */
  @GET
  public Response all() {
    return Answers.of(
        () -> {
          List<ModelSwitch> all = switches.get().all();
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("default", models.get().defaultName());
          json.put("before", models.get().before().orElse(null));
          json.put("models", models.get().names().stream().map(name -> model(name, all)).toList());
          json.put("switches", all.stream().map(ModelsResource::json).toList());
          return Answers.ok(json);
        });
  }

  /** Makes it the default; 409 where it is, or cannot be loaded. */
  @POST
  @Path("{name}/activate")
  @Consumes(MediaType.APPLICATION_JSON) // no body; a form of another site cannot send this type
  public Response activate(@PathParam("name") String name, @Context SecurityContext who) {
    return activate(name, who.getUserPrincipal().getName());
  }

  Response activate(String name, String person) {
    return switched(
        () -> {
          find(models.get(), name);
          return models.get().activate(name, person);
        },
        name + " is the default already");
  }

  /** Makes the one before the default again; 409 where there is none. */
  @POST
  @Path("rollback")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response rollBack(@Context SecurityContext who) {
    return rollBack(who.getUserPrincipal().getName());
  }

  Response rollBack(String person) {
    return switched(
        () -> models.get().rollBack(person), "there is no default before this one to go back to");
  }

  /** What it has made in shadow, beside what the active models made of the same: means. */
  @GET
  @Path("{name}/shadow")
  public Response shadow(@PathParam("name") String name) {
    return Answers.of(
        () -> {
          find(models.get(), name);
          String hash =
              models
                  .get()
                  .known(name)
                  .map(known -> known.card().hash())
                  .orElseThrow(
                      () -> new Answers.Problem(409, name + " is off and was not loaded yet"));
          ShadowStore.Summary summary = shadows.get().summary(hash);
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("name", name);
          json.put("modelHash", hash);
          json.put("n", summary.n());
          json.put("shadow", summary.shadow());
          json.put("active", summary.active());
          json.put("rankCorrelation", summary.rankCorrelation());
          return Answers.ok(json);
        });
  }

  private Response switched(Supplier<Boolean> work, String problem) {
    return Answers.of(
        () -> {
          try {
            if (!work.get()) {
              throw new Answers.Problem(409, problem);
            }
          } catch (ModelException e) {
            throw new Answers.Problem(409, "nothing has changed: " + e.getMessage());
          }
          return Answers.ok(model(models.get().defaultName(), switches.get().all()));
        });
  }

  /**
   * @throws Answers.Problem 404, that names those that there are
   */
  static void find(ModelRegistry models, String name) {
    if (!models.names().contains(name)) {
      throw new Answers.Problem(404, "there is no such model; there are " + models.names());
    }
  }

  /**
   * @param switches the first one first
   */
  private Map<String, Object> model(String name, List<ModelSwitch> switches) {
    ModelRegistry registry = models.get();
    boolean isDefault = name.equals(registry.defaultName());
    ModelSwitch last = isDefault && !switches.isEmpty() ? switches.get(switches.size() - 1) : null;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("state", registry.state(name).name().toLowerCase(Locale.ROOT));
    json.put("default", isDefault);
    json.put("since", last == null ? null : last.at().toString());
    json.put("by", last == null ? null : last.person());
    json.put("rule", registry.rule(name).orElse(null));
    json.put("loaded", registry.isLoaded(name));
    json.putAll(outline(name));
    return json;
  }

  /** A folder that says nothing of its model is no reason to say nothing of the others. */
  private Map<String, Object> outline(String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    try {
      ModelOutline outline = models.get().outline(name);
      json.put("family", outline.family().title());
      String assumption = outline.family().assumption();
      json.put("assumed", assumption.isEmpty() ? null : assumption);
      json.put("card", outline.card());
      json.put("problem", null);
    } catch (ModelException e) {
      json.put("family", null);
      json.put("assumed", null);
      json.put("card", null);
      json.put("problem", e.getMessage());
    }
    return json;
  }

  private static Map<String, Object> json(ModelSwitch made) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", made.model());
    json.put("rollback", made.rollback());
    json.put("by", made.person());
    json.put("at", made.at().toString());
    return json;
  }
}
