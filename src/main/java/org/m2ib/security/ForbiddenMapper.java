package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.security.ForbiddenException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.m2ib.api.ProblemMapper;
import org.m2ib.pages.Frame;

/** Answers a request for which the role is missing: with a page or a problem. */
public final class ForbiddenMapper {
  @Inject Frame frame;

  @Inject
  @Location("told.html")
  Template told;

  @ServerExceptionMapper
  public Response map(ForbiddenException failure, HttpHeaders request, RoutingContext context) {
    return SignIn.isPage(context)
        ? ProviderSignIn.told(frame, told, 403, "notAllowed", Map.of(), "/", request)
        : ProblemMapper.response(new WebApplicationException(403), context.request().path());
  }
}
