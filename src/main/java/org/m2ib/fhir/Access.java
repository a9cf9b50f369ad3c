package org.m2ib.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.api.AccessScopes;
import org.m2ib.api.TokenPrincipal;

/**
 * What the sender of a request may do: the user everything, a token what its SMART scopes allow.
 *
 * @param scopes empty for the user
 * @param client who it is
 */
record Access(Optional<AccessScopes> scopes, String client) {
  private static final String USER = "admin";

  static Access of(RequestDetails request) {
    return of(((ServletRequestDetails) request).getServletRequest());
  }

  static Access of(HttpServletRequest servlet) {
    if (servlet.getUserPrincipal() instanceof TokenPrincipal token) {
      return new Access(Optional.of(token.scopes()), "system " + token.name());
    }
    if (servlet.getUserPrincipal() != null && USER.equals(servlet.getUserPrincipal().getName())) {
      return new Access(Optional.empty(), "user " + USER);
    }
    throw Refusal.of(401, IssueType.LOGIN, "sign in first");
  }

  /** Requires {@code system/TYPE.s}. */
  void search(String type) {
    require(type, 's');
  }

  /**
   * @param interaction one of {@code c r u d s}
   */
  void require(String type, char interaction) {
    if (scopes.isPresent() && !scopes.get().allows(type, interaction)) {
      String scope = "system/" + type + "." + interaction;
      throw Refusal.of(403, IssueType.FORBIDDEN, "the token lacks the scope " + scope)
          .header(
              "WWW-Authenticate",
              "Bearer realm=\"m2ib\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }
  }
}
