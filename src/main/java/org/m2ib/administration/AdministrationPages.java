package org.m2ib.administration;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.m2ib.api.Roles;
import org.m2ib.pages.Frame;

/** The pages of users and of the activity log. */
@RolesAllowed(Roles.ADMINISTRATOR)
@Path("/administration")
@Blocking
@Produces("text/html;charset=UTF-8")
public class AdministrationPages {
  private final Frame frame;
  private final Template users;
  private final Template activity;

  @Inject
  public AdministrationPages(
      Frame frame,
      @Location("users.html") Template users,
      @Location("activity.html") Template activity) {
    this.frame = frame;
    this.users = users;
    this.activity = activity;
  }

  @GET
  @Path("users")
  public Response users(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(users.instance(), "administration", request, person);
  }

  @GET
  @Path("activity")
  public Response activity(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(activity.instance(), "administration", request, person);
  }
}
