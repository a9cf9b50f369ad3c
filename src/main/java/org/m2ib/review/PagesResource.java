package org.m2ib.review;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
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
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.m2ib.api.ImageViewer;
import org.m2ib.api.Roles;
import org.m2ib.pages.Frame;

/**
 * The HTML pages. They are empty frames: scripts under {@code /assets} fill them from {@code /api},
 * inserting its content as text, never as HTML.
 */
@RolesAllowed(Roles.READER)
@Path("/")
@Blocking
@Produces("text/html;charset=UTF-8")
public class PagesResource {
  private final Frame frame;
  private final Template worklist;
  private final Template oneCase;
  private final Template alarms;
  private final Template quality;
  private final Template models;
  private final Template campaigns;
  private final Template campaign;
  private final Template signIn;
  private final boolean provider;
  private final ImageViewer viewer;

  @Inject
  public PagesResource(
      Frame frame,
      @Location("worklist.html") Template worklist,
      @Location("case.html") Template oneCase,
      @Location("alarms.html") Template alarms,
      @Location("quality.html") Template quality,
      @Location("models.html") Template models,
      @Location("campaigns.html") Template campaigns,
      @Location("campaign.html") Template campaign,
      @Location("sign-in.html") Template signIn,
      @ConfigProperty(name = "m2ib.oidc.issuer") Optional<String> provider,
      ImageViewer viewer) {
    this.frame = frame;
    this.worklist = worklist;
    this.oneCase = oneCase;
    this.alarms = alarms;
    this.quality = quality;
    this.models = models;
    this.campaigns = campaigns;
    this.campaign = campaign;
    this.signIn = signIn;
    this.provider = provider.isPresent();
    this.viewer = viewer;
  }

  /** The worklist; its query is that of {@code GET /api/worklist}. */
  @GET
  public Response worklist(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(worklist.instance(), "worklist", request, person);
  }

  /** One case: image and sentences, or why there are none. */
  @GET
  @Path("cases/{id}")
  public Response oneCase(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(oneCase.data("viewerUrl", viewer.url()), "case", request, person);
  }

  /** Where reports and images may disagree. */
  @GET
  @Path("alarms")
  public Response alarms(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(alarms.instance(), "alarms", request, person);
  }

  /** Figures over many cases; its query is that of {@code GET /api/quality}. */
  @GET
  @Path("quality")
  public Response quality(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(quality.instance(), "quality", request, person);
  }

  /** The models and the default. */
  @GET
  @Path("models")
  public Response models(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(models.instance(), "models", request, person);
  }

  /** The campaigns and, for those who may start one, a form for another. */
  @GET
  @Path("campaigns")
  public Response campaigns(@Context HttpHeaders request, @Context SecurityContext person) {
    boolean leads = person.isUserInRole(Roles.ADMINISTRATOR) || person.isUserInRole(Roles.ARBITER);
    boolean decides = person.isUserInRole(Roles.ARBITER);
    return frame.show(
        campaigns.data("leads", leads).data("decides", decides), "campaigns", request, person);
  }

  /** One campaign: its progress and its report. */
  @GET
  @Path("campaigns/{id}")
  public Response campaign(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(campaign.instance(), "campaigns", request, person);
  }

  /**
   * Posts to {@code /j_security_check}, which comes back with {@code ?error} or {@code ?wait=s}.
   */
  @PermitAll
  @GET
  @Path("sign-in")
  public Response signIn(@Context UriInfo uri, @Context HttpHeaders request) {
    boolean failed = uri.getQueryParameters().containsKey("error");
    String wait = uri.getQueryParameters().getFirst("wait");
    String told =
        wait != null && wait.matches("[0-9]{1,4}")
            ? Frame.texts(request).of("frame.wait", Map.of("seconds", wait))
            : null;
    return frame.showToStrangers(
        signIn.data("failed", failed, "wait", told, "provider", provider), "sign-in", request);
  }
}
