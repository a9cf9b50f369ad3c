package org.m2ib.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * Wraps every request. Answers throttled password attempts with 429, keeps patient data out of
 * caches, and never repeats the request's Host header in a response.
 */
final class HttpGuard {
  private static final String WANTED = "quarkus-redirect-location";
  private static final String PAUSE = "m2ib.pause";
  private static final int BEFORE_AUTHENTICATION = 999;

  @Inject SignInThrottle throttle;

  void register(@Observes Filters filters) {
    filters.register(this::guard, BEFORE_AUTHENTICATION);
  }

  private void guard(RoutingContext context) {
    context.addHeadersEndHandler(done -> mend(context));
    if (SignIn.isSignIn(context)) {
      long pause = throttle.pause(UserIdentity.address(context));
      if (pause > 0) {
        pause(context, pause);
        context.reroute(HttpMethod.GET, SignIn.PAGE + "?wait=" + pause);
        return;
      }
      nameWantedPage(context.request());
    }
    context.next();
  }

  /** Marks a request whose password was not checked because of throttling. */
  static void pause(RoutingContext context, long seconds) {
    if (context != null) {
      context.put(PAUSE, seconds);
    }
  }

  static boolean isPaused(RoutingContext context) {
    return context.get(PAUSE) != null;
  }

  private static void mend(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (!context.normalizedPath().startsWith("/assets/")) {
      response.headers().set("Cache-Control", "no-store");
    }
    String location = response.headers().get("Location");
    if (location != null && !context.normalizedPath().startsWith("/fhir/")) { // [base]/... there
      response.headers().set("Location", withoutHost(location, context.request()));
    }
    Cookie wanted = context.request().getCookie(WANTED);
    if (wanted != null && !SignIn.isSignIn(context)) {
      wanted.setValue(withoutHost(wanted.getValue(), context.request()));
    }
    Long pause = context.get(PAUSE);
    if (pause != null) {
      response.headers().set("Retry-After", String.valueOf(pause)).remove("WWW-Authenticate");
      if (SignIn.isSignIn(context)) {
        response.headers().set("Location", SignIn.PAGE + "?wait=" + pause);
      } else {
        response.setStatusCode(429);
      }
    }
  }

  /**
   * Keeps the page to return to as a path. A full URL, as earlier versions stored, or a path that
   * browsers take for a host is dropped.
   */
  private static void nameWantedPage(HttpServerRequest request) {
    String cookies = request.getHeader("Cookie");
    if (cookies == null || !cookies.contains(WANTED)) {
      return;
    }
    String host = request.scheme() + "://" + request.authority();
    String named =
        Arrays.stream(cookies.split(";\\s*"))
            .filter(
                cookie -> !cookie.startsWith(WANTED) || cookie.matches(WANTED + "=/(?![/\\\\]).*"))
            .map(
                cookie ->
                    cookie.replaceFirst("^" + WANTED + "=", "$0" + Matcher.quoteReplacement(host)))
            .collect(Collectors.joining("; "));
    request.headers().set("Cookie", named);
  }

  private static String withoutHost(String url, HttpServerRequest request) {
    String host = request.scheme() + "://" + request.authority() + "/";
    return url.startsWith(host) ? url.substring(host.length() - 1) : url;
  }
}
