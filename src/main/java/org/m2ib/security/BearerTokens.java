package org.m2ib.security;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.BasicAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Identifies a system by an access token (RFC 6750), if an authorization server is configured. Its
 * failures are challenged by {@link SignIn}.
 */
@ApplicationScoped
public class BearerTokens implements HttpAuthenticationMechanism {
  private static final Logger LOG = Logger.getLogger(BearerTokens.class);
  private static final String INVALID = "m2ib.token-invalid";
  private static final String UNREACHABLE = "m2ib.token-unreachable";

  @Inject OidcAuthenticationMechanism oidc;
  @Inject TokenIssuer issuer;

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    String given = context.request().getHeader("Authorization");
    if (!issuer.isConfigured() || given == null || !given.toLowerCase().startsWith("bearer ")) {
      return Uni.createFrom().nullItem();
    }
    return oidc.authenticate(context, identities)
        .onFailure()
        .transform(
            failure -> {
              SignIn.forgetMechanism(context);
              if (failure instanceof AuthenticationFailedException) {
                context.put(INVALID, true);
                return failure;
              }
              LOG.warnf("the authorization server cannot be asked: %s", failure.getMessage());
              context.put(UNREACHABLE, true);
              return new AuthenticationFailedException(failure);
            });
  }

  /** Returns the value of WWW-Authenticate; null if no token is accepted. */
  String challenge(RoutingContext context) {
    if (!issuer.isConfigured()) {
      return null;
    }
    return "Bearer realm=\"m2ib\"" + (isInvalid(context) ? ", error=\"invalid_token\"" : "");
  }

  /** Whether the request has a token that is not accepted. */
  static boolean isInvalid(RoutingContext context) {
    return context.get(INVALID) != null;
  }

  /** Whether the request has a token that cannot be checked at the moment. */
  static boolean isUnreachable(RoutingContext context) {
    return context.get(UNREACHABLE) != null;
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().nullItem();
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(TokenAuthenticationRequest.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
  }

  @Override
  public int getPriority() {
    return BasicAuthenticationMechanism.PRIORITY + 2;
  }
}
