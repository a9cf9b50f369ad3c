package org.m2ib.security;

import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.m2ib.config.M2ibConfig;

/** Which authorization server's tokens are accepted, and for which audience. */
@ApplicationScoped
public class TokenIssuer implements TenantConfigResolver {
  private final M2ibConfig.Oauth settings;

  @Inject
  TokenIssuer(M2ibConfig config) {
    this.settings = config.oauth();
  }

  /**
   * @throws IllegalArgumentException if tokens for any other service would be accepted
   */
  public void check() {
    if (settings.issuer().isPresent() && audience().isEmpty()) {
      throw new IllegalArgumentException(
          "m2ib.oauth.audience is missing: with m2ib.oauth.issuer, set the audience that tokens for"
              + " this service name, such as the URL of its /fhir");
    }
    if (settings.clientId().isPresent() != settings.clientSecret().isPresent()) {
      throw new IllegalArgumentException(
          "m2ib.oauth.client-id and m2ib.oauth.client-secret belong together: set both or neither");
    }
  }

  boolean isConfigured() {
    return settings.issuer().isPresent();
  }

  List<String> audience() {
    return settings.audience().orElse(List.of());
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext context, OidcRequestContext<OidcTenantConfig> request) {
    if (!isConfigured()) {
      return Uni.createFrom().nullItem();
    }
    check();
    String issuer = settings.issuer().get();
    OidcTenantConfigBuilder tenant =
        new OidcTenantConfigBuilder()
            .tenantId("m2ib")
            .applicationType(ApplicationType.SERVICE)
            .authServerUrl(issuer)
            .token()
            .issuer(issuer)
            .audience(audience())
            .allowOpaqueTokenIntrospection(settings.clientId().isPresent())
            .allowJwtIntrospection(false)
            .end();
    settings.clientId().ifPresent(tenant::clientId);
    settings.clientSecret().ifPresent(tenant::credentials);
    return Uni.createFrom().item(tenant.build());
  }
}
