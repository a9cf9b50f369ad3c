package org.m2ib.operations;

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

/** The page of the service's state: destinations, queues, arrivals, storage, routes. */
@RolesAllowed(Roles.ADMINISTRATOR)
@Path("/operations")
@Blocking
@Produces("text/html;charset=UTF-8")
public class OperationsPage {
  private final Frame frame;
  private final Template page;

  @Inject
  public OperationsPage(Frame frame, @Location("operations.html") Template page) {
    this.frame = frame;
    this.page = page;
  }

  @GET
  public Response show(@Context HttpHeaders request, @Context SecurityContext person) {
    return frame.show(page.instance(), "operations", request, person);
  }
}
