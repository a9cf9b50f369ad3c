package org.m2ib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Answers with a {@link Problem} for requests to {@code /api} that reach no resource. */
public final class HttpProblems {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AFTER_SIGN_IN = 3; // and before Quarkus, which answers without a body

  @Inject VertxHttpConfig http;

  void limit(@Observes Filters filters) {
    long most = http.limits().maxBodySize().map(size -> size.asLongValue()).orElse(Long.MAX_VALUE);
    filters.register(
        context -> {
          String length = context.request().getHeader("Content-Length");
          if (isApi(context) && length != null && Long.parseLong(length) > most) {
            context.response().putHeader("Connection", "close");
            context.response().endHandler(sent -> context.request().connection().close());
            end(context, 413, "body: at most " + most + " bytes");
          } else {
            context.next();
          }
        },
        AFTER_SIGN_IN);
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
