package org.m2ib.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.m2ib.accounts.Session;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.Roles;

/**
 * The roles for what is no resource class: servlets and Quarkus' own paths. The first rule that
 * matches decides. Resource classes name their roles themselves.
 */
final class ServletAccess {
  private static final int AFTER_SIGN_IN = 9; // and after TokenAccess, which names missing scopes

  /**
   * @param method null for any
   * @param path its beginning
   * @param roles any of them is enough
   */
  record Rule(HttpMethod method, String path, List<String> roles) {}

  static final List<Rule> RULES =
      List.of(
          new Rule(null, "/q/metrics", List.of(Roles.ADMINISTRATOR, Roles.SERVICE)),
          new Rule(null, "/q/openapi", List.of(Roles.READER, Roles.SERVICE)),
          new Rule(null, "/q", List.of(Roles.ADMINISTRATOR, Roles.SERVICE)),
          new Rule(HttpMethod.POST, "/dicom-web", List.of(Roles.ADMINISTRATOR, Roles.SERVICE)),
          new Rule(null, "/dicom-web", List.of(Roles.READER, Roles.SERVICE)),
          new Rule(null, "/fhir", List.of(Roles.READER, Roles.SERVICE)));

  /** Open to everyone, whoever is signed in (application.properties). */
  static final List<String> OPEN =
      List.of("/q/health", "/fhir/metadata", "/fhir/.well-known/smart-configuration");

  void register(@Observes Filters filters) {
    filters.register(ServletAccess::check, AFTER_SIGN_IN);
  }

  private static void check(RoutingContext context) {
    if (!(context.user() instanceof QuarkusHttpUser user)
        || user.getSecurityIdentity().isAnonymous()
        || isOpen(context.request().method(), path(context), user.getSecurityIdentity())
            && !isHidden(path(context), user.getSecurityIdentity())) {
      context.next();
    } else if (isHidden(path(context), user.getSecurityIdentity())) {
      HttpProblems.end(context, 403, "Conference mode is on: what has identifiers is closed.");
    } else if (FhirOutcome.isFhir(context)) {
      FhirOutcome.end(context, 403, "forbidden", "the user lacks the role for this");
    } else {
      HttpProblems.end(context, 403);
    }
  }

  /** As servlets read it: without path parameters and empty segments. */
  private static String path(RoutingContext context) {
    return context.normalizedPath().replaceAll(";[^/]*", "").replaceAll("/+", "/");
  }

  static boolean isOpen(HttpMethod method, String path, SecurityIdentity identity) {
    if (OPEN.stream().anyMatch(open -> isUnder(path, open))) {
      return true;
    }
    return RULES.stream()
        .filter(rule -> rule.method() == null || rule.method().equals(method))
        .filter(rule -> isUnder(path, rule.path()))
        .findFirst()
        .map(rule -> rule.roles().stream().anyMatch(identity::hasRole))
        .orElse(true);
  }

  /** Objects of DICOM and FHIR are full of identifiers. */
  private static boolean isHidden(String path, SecurityIdentity identity) {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    return session != null
        && session.conference()
        && (isUnder(path, "/fhir") || isUnder(path, "/dicom-web"));
  }

  private static boolean isUnder(String path, String beginning) {
    return path.equals(beginning) || path.startsWith(beginning + "/");
  }
}
