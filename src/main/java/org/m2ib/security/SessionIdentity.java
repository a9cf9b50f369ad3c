package org.m2ib.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.cases.StorageUnavailableException;

/**
 * Authenticates a session cookie by what it contains: name, {@code #} and the session's id. Who it
 * is, and what is open, the session's row says.
 */
@ApplicationScoped
public class SessionIdentity implements IdentityProvider<TrustedAuthenticationRequest> {
  static final String MARK = "#";

  @Inject Instance<SessionStore> sessions;

  @Override
  public Class<TrustedAuthenticationRequest> getRequestType() {
    return TrustedAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TrustedAuthenticationRequest request, AuthenticationRequestContext context) {
    String name = request.getPrincipal();
    String id = name.substring(name.lastIndexOf(MARK) + 1);
    return context.runBlocking(
        () -> {
          try {
            return sessions
                .get()
                .use(id)
                .map(session -> identity(session, id))
                .orElseThrow(AuthenticationFailedException::new);
          } catch (StorageUnavailableException e) {
            throw UserIdentity.unavailable(
                HttpSecurityUtils.getRoutingContextAttribute(request), e);
          }
        });
  }

  private static SecurityIdentity identity(Session session, String id) {
    return UserIdentity.identity(
            session.person(), session.mustChange() ? List.of() : session.roles())
        .addAttribute(Session.ID, id)
        .addAttribute(Session.ATTRIBUTE, session)
        .addAttribute(MustChange.ATTRIBUTE, session.mustChange())
        .build();
  }
}
