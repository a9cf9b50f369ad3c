package org.m2ib.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;

/** Leads users whose password was made for them to the page that changes it, and nowhere else. */
final class MustChange {
  /** Attribute of an identity: whether it is such a user. */
  static final String ATTRIBUTE = "m2ib.must-change";

  private static final int AFTER_SIGN_IN = 11;
  private static final String FIRST = "Change your password first, at /password.";

  void register(@Observes Filters filters) {
    filters.register(MustChange::check, AFTER_SIGN_IN);
  }

  private static void check(RoutingContext context) {
    if (!(context.user() instanceof QuarkusHttpUser user)
        || !isHeldUp(user.getSecurityIdentity())
        || context
            .normalizedPath()
            .matches("/(password|sign-in|sign-out|assets/.*|q/health.*|fhir/metadata)")) {
      context.next();
    } else if (SignIn.isPage(context)) {
      context.response().setStatusCode(303).putHeader("Location", PasswordPage.PATH).end();
    } else if (FhirOutcome.isFhir(context)) {
      FhirOutcome.end(context, 403, "forbidden", FIRST);
    } else {
      HttpProblems.end(context, 403, FIRST);
    }
  }

  private static boolean isHeldUp(SecurityIdentity identity) {
    return Boolean.TRUE.equals(identity.getAttribute(ATTRIBUTE));
  }
}
