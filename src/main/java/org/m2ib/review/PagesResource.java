package org.m2ib.review;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateGlobal;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Supplier;
import org.m2ib.api.Roles;
import org.m2ib.base.Notice;
import org.m2ib.clip.ModelCard;

/**
 * The HTML pages. They are empty frames: scripts under {@code /assets} fill them from {@code /api},
 * inserting its content as text, never as HTML.
 */
@RolesAllowed(Roles.READER)
@Path("/")
@Blocking
@Produces("text/html;charset=UTF-8")
public class PagesResource {
  @TemplateGlobal static final String NOTICE = Notice.LABEL;

  private final Supplier<ModelCard> model;
  private final Template cases;
  private final Template oneCase;
  private final Template models;
  private final Template campaigns;
  private final Template campaign;
  private final Template signIn;

  /**
   * @param model the default when a page is requested
   */
  @Inject
  public PagesResource(
      Supplier<ModelCard> model,
      @Location("cases.html") Template cases,
      @Location("case.html") Template oneCase,
      @Location("models.html") Template models,
      @Location("campaigns.html") Template campaigns,
      @Location("campaign.html") Template campaign,
      @Location("sign-in.html") Template signIn) {
    this.model = model;
    this.cases = cases;
    this.oneCase = oneCase;
    this.models = models;
    this.campaigns = campaigns;
    this.campaign = campaign;
    this.signIn = signIn;
  }

  /** The list; its query is that of {@code GET /api/cases}. */
  @GET
  public Response cases(@Context SecurityContext security) {
    return page(cases.data("user", user(security), "model", model.get()));
  }

  /** One case: image and sentences, or why there are none. */
  @GET
  @Path("cases/{id}")
  public Response oneCase(@Context SecurityContext security) {
    return page(oneCase.data("user", user(security), "model", model.get()));
  }

  /** The models and the default. */
  @GET
  @Path("models")
  public Response models(@Context SecurityContext security) {
    return page(models.data("user", user(security), "model", model.get()));
  }

  /** The campaigns and, for those who may start one, a form for another. */
  @GET
  @Path("campaigns")
  public Response campaigns(@Context SecurityContext security) {
    boolean leads =
        security.isUserInRole(Roles.ADMINISTRATOR) || security.isUserInRole(Roles.ARBITER);
    return page(campaigns.data("user", user(security), "model", model.get()).data("leads", leads));
  }

  /** One campaign: its progress and its report. */
  @GET
  @Path("campaigns/{id}")
  public Response campaign(@Context SecurityContext security) {
    return page(campaign.data("user", user(security), "model", model.get()));
  }

  /**
   * Posts to {@code /j_security_check}, which comes back with {@code ?error} or {@code ?wait=s}.
   */
  @PermitAll
  @GET
  @Path("sign-in")
  public Response signIn(@Context UriInfo uri) {
    boolean failed = uri.getQueryParameters().containsKey("error");
    String wait = uri.getQueryParameters().getFirst("wait");
    String seconds = wait != null && wait.matches("[0-9]{1,4}") ? wait : null;
    return page(signIn.data("failed", failed, "wait", seconds, "user", null, "model", null));
  }

  private static String user(SecurityContext security) {
    return security.getUserPrincipal().getName();
  }

  private static Response page(TemplateInstance filled) {
    return Response.ok(filled.render()).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
