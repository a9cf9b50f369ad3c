package org.m2ib.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.m2ib.api.AccessScopes;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.TokenPrincipal;

/**
 * Restricts requests with an access token to {@code /fhir}, which checks the scopes itself, and to
 * {@code /api} and {@code /q} as far as the token's scopes go. Pages are for people.
 */
final class TokenAccess {
  private static final int AFTER_SIGN_IN = 10;

  /** Paths that every router reads in the same way. */
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._$-]+)+/?");

  void register(@Observes Filters filters) {
    filters.register(TokenAccess::check, AFTER_SIGN_IN);
  }

  private static void check(RoutingContext context) {
    if (!(context.user() instanceof QuarkusHttpUser user)
        || !(user.getSecurityIdentity().getPrincipal() instanceof TokenPrincipal token)) {
      context.next();
      return;
    }
    HttpMethod method = context.request().method();
    boolean reading = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    String path = context.request().path();
    boolean known = PATH.matcher(path).matches();
    boolean fhir = known && FhirOutcome.isFhir(context);
    boolean api = known && (HttpProblems.isApi(context) || path.startsWith("/q/"));
    if (fhir || path.startsWith("/q/health") || api && token.scopes().allowsApi(reading)) {
      context.next();
    } else if (FhirOutcome.isFhir(context)) {
      FhirOutcome.end(context, 400, "invalid", "the path contains unsupported characters");
    } else {
      String scope = AccessScopes.apiScope(reading);
      context
          .response()
          .putHeader(
              "WWW-Authenticate",
              "Bearer realm=\"m2ib\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
      HttpProblems.end(context, 403, "The token lacks the scope " + scope + ".");
    }
  }
}
