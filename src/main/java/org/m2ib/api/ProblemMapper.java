package org.m2ib.api;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.m2ib.base.Traces;
import org.m2ib.cases.StorageUnavailableException;

/** Turns exceptions of resources, and refusals by the framework, into a {@link Problem}. */
public final class ProblemMapper {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
  private static final String RETRY_SECONDS = "30";

  @ServerExceptionMapper
  public Response map(Throwable failure, UriInfo uri, HttpServerRequest request) {
    if (failure instanceof IOException && request.response().closed()) {
      LOG.debugf("the client closed the connection: %s", failure.getClass().getName());
      return Response.serverError().build(); // nobody reads it
    }
    return response(failure, uri.getRequestUri().getRawPath());
  }

  /**
   * @param instance path of the request
   */
  public static Response response(Throwable failure, String instance) {
    if (failure instanceof ProblemException e) {
      return response(Problem.of(e.status(), e.getMessage(), instance, e.field(), e.why())).build();
    }
    if (failure instanceof StorageUnavailableException e) {
      LOG.errorf("not answered (503): %s", e.getMessage());
      String detail = "Storage is not available at the moment. Try again later.";
      return response(Problem.of(503, detail, instance, null, Refusal.STORAGE))
          .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
          .build();
    }
    if (failure instanceof WebApplicationException e && e.getResponse().getStatus() < 500) {
      int status = e.getResponse().getStatus();
      Refusal why = status == 403 ? Refusal.ROLE : null;
      return response(Problem.of(status, detail(status), instance, null, why)).build();
    }
    LOG.error("request failed (500)", Traces.withoutMessages(failure));
    String detail = "The service failed. Its log has the cause.";
    return response(Problem.of(500, detail, instance, null, Refusal.FAILED)).build();
  }

  private static Response.ResponseBuilder response(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
  }

  /** For a refusal by the framework, whose own message may quote the request. */
  public static String detail(int status) {
    return switch (status) {
      case 400 -> "The request cannot be read: check its path, query and body.";
      case 401 -> "Sign in, by HTTP Basic or at /sign-in.";
      case 403 -> "Your role does not allow this. An administrator can change your roles.";
      case 404 -> "There is nothing at this path. /q/openapi lists all paths.";
      case 405 -> "This path does not support this method. /q/openapi lists all methods.";
      case 406 -> "Accept: this path has no such media type. /q/openapi lists all media types.";
      case 413 -> "The body is too large.";
      case 415 -> "Content-Type: must be application/json.";
      case 429 -> "Too many failed sign-ins. Try again after the pause.";
      default -> "The request was refused.";
    };
  }
}
