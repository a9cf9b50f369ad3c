package org.m2ib.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.m2ib.api.Roles;

/**
 * Authenticates a session cookie by the name it contains: {@code admin#} and the session's id,
 * which is trusted because the cookie is encrypted. A session that was signed out is rejected.
 */
@ApplicationScoped
public class SessionIdentity implements IdentityProvider<TrustedAuthenticationRequest> {
  static final String MARK = "#";
  static final String SESSION = "m2ib.session";

  @Inject EndedSessions ended;

  @Override
  public Class<TrustedAuthenticationRequest> getRequestType() {
    return TrustedAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TrustedAuthenticationRequest request, AuthenticationRequestContext context) {
    String prefix = AdminIdentity.USER + MARK;
    String name = request.getPrincipal();
    if (!name.startsWith(prefix) || ended.has(name.substring(prefix.length()))) {
      return Uni.createFrom().failure(new AuthenticationFailedException());
    }
    return Uni.createFrom()
        .item(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(AdminIdentity.USER))
                .addRoles(Roles.withIncluded(Roles.ALL))
                .addAttribute(SESSION, name.substring(prefix.length()))
                .build());
  }
}
