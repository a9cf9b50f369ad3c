package org.m2ib.app;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Before authentication: pauses guessers with a 429, keeps patient data out of caches, redirects to
 * paths and never to the name that a Host header says.
 */
final class HttpGuard {
  private static final String WANTED = "quarkus-redirect-location";
  private static final int BEFORE_AUTHENTICATION = 999;

  @Inject SignInThrottle throttle;

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_AUTHENTICATION);
  }

  private void check(RoutingContext context) {
    context.addHeadersEndHandler(done -> mend(context));
    boolean signIn = SignIn.isSignIn(context);
    if (signIn) {
      forgetOtherPlaces(context.request());
    }
    long pause =
        signIn || context.request().headers().contains("Authorization")
            ? throttle.pause(AdminIdentity.address(context))
            : 0;
    if (pause == 0) {
      context.next();
      return;
    }
    context
        .response()
        .setStatusCode(429)
        .putHeader("Retry-After", String.valueOf(pause))
        .putHeader("Content-Type", "application/problem+json")
        .end(
            "{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,"
                + "\"detail\":\"Too many wrong passwords: try again in "
                + pause
                + " s\"}");
  }

  private static void mend(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (!context.normalizedPath().startsWith("/assets/")) {
      response.headers().set("Cache-Control", "no-store");
    }
    String location = response.headers().get("Location");
    if (location != null && isHere(location, context.request())) {
      URI to = URI.create(location);
      String query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
      response.headers().set("Location", to.getRawPath() + query);
    }
  }

  /** A page that was asked for under another name of the service cannot be gone back to. */
  private static void forgetOtherPlaces(HttpServerRequest request) {
    String cookies = request.getHeader("Cookie");
    if (cookies == null || !cookies.contains(WANTED)) {
      return;
    }
    String kept =
        Arrays.stream(cookies.split(";\\s*"))
            .filter(
                cookie ->
                    !cookie.startsWith(WANTED + "=")
                        || isHere(cookie.substring(WANTED.length() + 1), request))
            .collect(Collectors.joining("; "));
    request.headers().set("Cookie", kept);
  }

  private static boolean isHere(String url, HttpServerRequest request) {
    try {
      URI uri = URI.create(url);
      return uri.getRawAuthority() != null
          && uri.getRawAuthority().equals(String.valueOf(request.authority()))
          && request.scheme().equals(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
