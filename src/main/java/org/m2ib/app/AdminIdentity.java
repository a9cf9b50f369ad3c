package org.m2ib.app;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The password of the one local user, {@code admin}: by HTTP Basic or at {@code /sign-in}. */
@ApplicationScoped
public class AdminIdentity implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
  static final String USER = "admin";

  @Inject AdminPassword password;

  @Override
  public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
    return UsernamePasswordAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
    boolean right = password.matches(request.getPassword().getPassword());
    if (!USER.equals(request.getUsername()) || !right) {
      return Uni.createFrom().failure(new AuthenticationFailedException());
    }
    return Uni.createFrom().item(admin());
  }

  static SecurityIdentity admin() {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(USER))
        .addRole(USER)
        .build();
  }
}
