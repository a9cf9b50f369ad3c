package org.m2ib.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Set;
import org.m2ib.api.HttpProblems;

/**
 * Rejects requests that another site's page makes a browser send, whoever is signed in. Other
 * clients send neither of the headers checked here.
 */
final class SameSite {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final int BEFORE_AUTHENTICATION = 1000;

  void register(@Observes Filters filters) {
    filters.register(SameSite::check, BEFORE_AUTHENTICATION);
  }

  private static void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (READING.contains(request.method()) || isOurs(request)) {
      context.next();
    } else {
      HttpProblems.end(context, 403, "The request was sent by a page of another site.");
    }
  }

  /** Browsers send Sec-Fetch-Site over TLS and to the same machine, and Origin always. */
  private static boolean isOurs(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin") || site.equals("none");
    }
    String origin = request.getHeader("Origin");
    return origin == null
        || authority(origin).equalsIgnoreCase(String.valueOf(request.authority()));
  }

  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
