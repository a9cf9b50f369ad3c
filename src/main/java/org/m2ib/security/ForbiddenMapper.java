package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.security.ForbiddenException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.m2ib.api.ProblemMapper;

/** Answers a request for which the role is missing: with a page or a problem. */
public final class ForbiddenMapper {
  @Inject
  @Location("forbidden.html")
  Template page;

  @ServerExceptionMapper
  public Response map(ForbiddenException failure, RoutingContext context) {
    if (SignIn.isPage(context)) {
      String html =
          page.data("user", null, "model", null).render(); // the same for all: nothing is known
      return Response.status(403).type(MediaType.TEXT_HTML_TYPE).entity(html).build();
    }
    return ProblemMapper.response(new WebApplicationException(403), context.request().path());
  }
}
