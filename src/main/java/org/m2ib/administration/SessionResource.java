package org.m2ib.administration;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.administration.UserAnswers.Place;
import org.m2ib.administration.UserAnswers.SignedIn;
import org.m2ib.api.Roles;

/** {@code GET /api/session}: who is signed in, and where else. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/session")
@Blocking
public class SessionResource {
  private final SecurityIdentity identity;
  private final Supplier<SessionStore> sessions;

  @Inject
  public SessionResource(SecurityIdentity identity, Instance<SessionStore> sessions) {
    this.identity = identity;
    this.sessions = sessions::get;
  }

  @GET
  @Operation(operationId = "getSession", summary = "Says who is signed in, and where else.")
  public SignedIn get() {
    String person = identity.getPrincipal().getName();
    Session current = identity.getAttribute(Session.ATTRIBUTE);
    return new SignedIn(
        person,
        current == null ? person : current.displayName(),
        identity.getRoles().stream().sorted().toList(),
        current != null && current.conference(),
        current == null
            ? java.util.List.of()
            : sessions.get().of(person).stream().map(one -> Place.of(one, current)).toList());
  }
}
