package org.m2ib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** Answers with a {@link Problem} for requests to {@code /api} that reach no resource. */
public final class HttpProblems {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AFTER_SIGN_IN = 3; // and before Quarkus, which answers without a body

  void limit(@Observes Filters filters) {
    filters.register(HttpProblems::closeAfterTooLarge, AFTER_SIGN_IN + 1);
    filters.register(
        context -> {
          if (isApi(context) && isTooLarge(context)) {
            end(context, 413, LimitedBody.TOO_LARGE);
          } else {
            context.next();
          }
        },
        AFTER_SIGN_IN);
  }

  /** The rest of the body would be taken for the next request. */
  private static void closeAfterTooLarge(RoutingContext context) {
    HttpServerResponse response = context.response();
    context.addHeadersEndHandler(
        done -> {
          if (response.getStatusCode() == 413) {
            response.putHeader("Connection", "close");
          }
        });
    context.addEndHandler(
        sent -> {
          if (response.getStatusCode() == 413) {
            context.request().connection().close();
          }
        });
    context.next();
  }

  /** Whether the request says that its body is over the limit. */
  public static boolean isTooLarge(RoutingContext context) {
    String length = context.request().getHeader("Content-Length");
    return length != null && Long.parseLong(length) > LimitedBody.MOST_BYTES;
  }

  void refusals(@Observes Router router) {
    router
        .route("/api*")
        .order(RouteConstants.ROUTE_ORDER_DEFAULT - 1) // before Undertow
        .handler(context -> end(context, 404));
  }

  /** Whether the request is one to the JSON API. */
  public static boolean isApi(RoutingContext context) {
    String path = String.valueOf(context.request().path());
    return path.equals("/api") || path.startsWith("/api/");
  }

  /** Ends the request. */
  public static void end(RoutingContext context, int status) {
    end(context, status, ProblemMapper.detail(status));
  }

  public static void end(RoutingContext context, int status, String detail) {
    Problem problem = Problem.of(status, detail, context.request().path(), null);
    try {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .end(JSON.writeValueAsString(new NoticeFilter.Noticed(problem)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem cannot be written as JSON", e);
    }
  }
}
