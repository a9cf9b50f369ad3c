package org.m2ib.security;

import com.nimbusds.oauth2.sdk.Scope;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.m2ib.accounts.Accounts;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.config.M2ibConfig;
import org.m2ib.security.ProviderClient.Pending;
import org.m2ib.security.ProviderClient.Vouched;

/** The identity provider of people, if one is configured. */
@ApplicationScoped
public class Provider {
  static final String START = "/sign-in/oidc";
  static final String RETURN = "/sign-in/oidc/return";

  private final M2ibConfig config;
  private final ProviderClient client;
  private final ClaimedRoles roles;

  @Inject
  Provider(M2ibConfig config, TlsConfigurationRegistry registry, Clock clock) {
    this.config = config;
    M2ibConfig.Oidc oidc = config.oidc();
    check();
    this.roles = ClaimedRoles.of(oidc.rolesClaim(), oidc.roles().orElse(List.of()));
    Optional<SSLContext> tls = context(registry);
    this.client =
        isConfigured()
            ? new ProviderClient(
                oidc.issuer().get(),
                new CodeFlow(
                    new CodeFlow.Settings(
                        oidc.clientId().get(),
                        oidc.clientSecret(),
                        Scope.parse(oidc.scope()),
                        here(RETURN)),
                    AuthorizationServer.openId(oidc.issuer(), tls, clock),
                    tls.map(SSLContext::getSocketFactory)))
            : null;
  }

  Provider() { // needed by the CDI proxy
    this.config = null;
    this.client = null;
    this.roles = null;
  }

  /** TLS as it is configured for all; empty for the Java platform's trust store. */
  static Optional<SSLContext> context(TlsConfigurationRegistry registry) {
    return registry.getDefault().map(Provider::context);
  }

  private static SSLContext context(TlsConfiguration tls) {
    try {
      return tls.createSSLContext();
    } catch (Exception e) { // declared so by Quarkus
      throw new IllegalArgumentException("quarkus.tls: " + e.getMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException if a setting is missing
   */
  public void check() {
    if (isConfigured() && (config.oidc().clientId().isEmpty() || config.publicUrl().isEmpty())) {
      throw new IllegalArgumentException(
          "m2ib.oidc.issuer needs m2ib.oidc.client-id, and m2ib.public-url, below which the provider"
              + " sends people back to "
              + RETURN);
    }
  }

  /** Whether people sign in at an identity provider. */
  public boolean isConfigured() {
    return config.oidc().issuer().isPresent();
  }

  /** Whether a person may still sign in with a password of this service. */
  boolean allowsPassword(String name) {
    return !isConfigured() || name.equals(Accounts.ADMIN) && config.oidc().localAdmin();
  }

  /** Returns the address at the provider at which a person signs in. */
  URI authorization(Pending begun) throws ProviderException {
    return client.authorization(begun);
  }

  Vouched redeem(String code, Pending begun) throws ProviderException {
    return client.redeem(code, begun);
  }

  /** The roles of whom the provider vouches for. */
  List<String> roles(Vouched vouched) {
    return roles.of(vouched.claims().getClaims());
  }

  /** The sign-in name; empty if there is none, or one that users of this service have. */
  Optional<String> name(Vouched vouched) {
    Object claim = vouched.claims().getClaim(config.oidc().nameClaim());
    return Optional.ofNullable(claim)
        .map(Object::toString)
        .map(Accounts::normalized)
        .filter(name -> name.matches("[\\p{Alnum}._@+\\\\/-]{1,100}"))
        .filter(name -> !name.equals(Accounts.ADMIN) && !Accounts.RESERVED.contains(name));
  }

  String displayName(Vouched vouched, String name) {
    Object claim = vouched.claims().getClaim("name");
    String text = claim == null ? name : claim.toString().replaceAll("\\p{Cntrl}", " ").strip();
    return text.length() > 100 ? text.substring(0, 100) : text;
  }

  Optional<URI> signOut(String idToken) {
    return isConfigured() ? client.signOut(idToken, here(SignIn.PAGE)) : Optional.empty();
  }

  private URI here(String path) {
    return URI.create(config.publicUrl().get().replaceFirst("/+$", "") + path);
  }
}
