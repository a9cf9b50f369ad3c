package org.m2ib.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.api.AccessScopes;
import org.m2ib.api.Roles;
import org.m2ib.api.TokenPrincipal;

/**
 * What the sender of a request may do: a token what its SMART scopes allow, a user to read, and
 * whoever administers or is a system to write as well.
 *
 * @param scopes empty for a user
 * @param writes whether a user may create, change and delete
 * @param client who it is
 */
record Access(Optional<AccessScopes> scopes, boolean writes, String client) {
  static Access of(RequestDetails request) {
    return of(((ServletRequestDetails) request).getServletRequest());
  }

  static Access of(HttpServletRequest servlet) {
    if (servlet.getUserPrincipal() instanceof TokenPrincipal token) {
      return new Access(Optional.of(token.scopes()), true, "system " + token.name());
    }
    if (servlet.getUserPrincipal() != null) {
      boolean writes =
          servlet.isUserInRole(Roles.ADMINISTRATOR) || servlet.isUserInRole(Roles.SERVICE);
      return new Access(Optional.empty(), writes, "user " + servlet.getUserPrincipal().getName());
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
    if (!writes && "cud".indexOf(interaction) >= 0) {
      throw Refusal.of(403, IssueType.FORBIDDEN, "the user's role allows reading only");
    }
    if (scopes.isPresent() && !scopes.get().allows(type, interaction)) {
      String scope = "system/" + type + "." + interaction;
      throw Refusal.of(403, IssueType.FORBIDDEN, "the token lacks the scope " + scope)
          .header(
              "WWW-Authenticate",
              "Bearer realm=\"m2ib\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }
  }
}
