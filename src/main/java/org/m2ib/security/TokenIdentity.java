package org.m2ib.security;

import io.quarkus.oidc.TokenIntrospection;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.m2ib.api.AccessScopes;
import org.m2ib.api.Roles;
import org.m2ib.api.TokenPrincipal;

/**
 * Reduces what an access token says to a name and its scopes. Its role is that of a system, within
 * which {@link TokenAccess} and {@code /fhir} ask for scopes.
 */
@ApplicationScoped
public class TokenIdentity implements SecurityIdentityAugmentor {
  @Inject TokenIssuer issuer;

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    TokenIntrospection asked = identity.getAttribute(OidcUtils.INTROSPECTION_ATTRIBUTE);
    if (asked != null) {
      return token(
          asked.getClientId(),
          texts(asked.getJsonObject().get("aud")).toList(),
          texts(asked.getJsonObject().get("scope")).toList());
    }
    if (identity.getPrincipal() instanceof JsonWebToken jwt) {
      Set<String> audience = jwt.getAudience();
      return token(name(jwt), audience == null ? Set.of() : audience, scopes(jwt));
    }
    return Uni.createFrom().item(identity);
  }

  private Uni<SecurityIdentity> token(
      String name, Collection<String> audience, Collection<String> scopes) {
    if (issuer.audience().stream().noneMatch(audience::contains)) { // introspection ignores it
      return Uni.createFrom().failure(new AuthenticationFailedException("audience"));
    }
    String safe = UserIdentity.printable(name == null ? "unknown" : name);
    return Uni.createFrom()
        .item(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(new TokenPrincipal(safe, AccessScopes.parse(scopes)))
                .addRole(Roles.SERVICE)
                .build());
  }

  /** The claim is {@code scope} (RFC 9068); some servers send {@code scp}, as text or as a list. */
  private static List<String> scopes(JsonWebToken jwt) {
    return Stream.of("scope", "scp").flatMap(claim -> texts(jwt.<Object>getClaim(claim))).toList();
  }

  private static Stream<String> texts(Object claim) {
    if (claim instanceof Collection<?> several) {
      return several.stream().flatMap(TokenIdentity::texts);
    }
    if (claim instanceof JsonString text) {
      return Stream.of(text.getString());
    }
    return claim == null || claim instanceof JsonValue ? Stream.of() : Stream.of(claim.toString());
  }

  private static String name(JsonWebToken jwt) {
    return Stream.of("client_id", "azp")
        .map(claim -> jwt.<Object>getClaim(claim))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .findFirst()
        .orElse(jwt.getSubject());
  }
}
