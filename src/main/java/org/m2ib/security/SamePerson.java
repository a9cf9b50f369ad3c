package org.m2ib.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.m2ib.api.HttpProblems;

/**
 * Refuses (412) what a page asks for in the name of a person who is not the one that is signed in:
 * the tabs of a browser share one session, so a page that was opened before somebody else signed in
 * would save what its reader says under the other's name. Pages name their person in {@link
 * #HEADER}, percent-encoded; other clients need not.
 */
final class SamePerson {
  static final String HEADER = "X-M2ib-Person";

  private static final int AFTER_SIGN_IN = 11;
  private static final String OTHER =
      "Another person has signed in in this browser since this page was opened. Load it again.";

  void register(@Observes Filters filters) {
    filters.register(SamePerson::check, AFTER_SIGN_IN);
  }

  private static void check(RoutingContext context) {
    String named = context.request().getHeader(HEADER);
    if (named == null
        || !HttpProblems.isApi(context)
        || !(context.user() instanceof QuarkusHttpUser user)
        || is(named, user.getSecurityIdentity().getPrincipal().getName())) {
      context.next();
    } else {
      HttpProblems.end(context, 412, OTHER);
    }
  }

  private static boolean is(String named, String person) {
    try {
      return URLDecoder.decode(named, StandardCharsets.UTF_8).equals(person);
    } catch (IllegalArgumentException e) { // not percent-encoded: nobody's name
      return false;
    }
  }
}
