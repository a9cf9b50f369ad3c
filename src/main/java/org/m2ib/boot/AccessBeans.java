package org.m2ib.boot;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.UserStore;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.cases.Database;
import org.m2ib.config.M2ibConfig;
import org.m2ib.security.AdminPassword;
import org.m2ib.security.SessionCookie;
import org.m2ib.security.SessionKey;
import org.m2ib.security.SignIn;

/** Makes what decides who may use the service. */
final class AccessBeans {
  @Produces
  @Singleton
  UserStore users(Database database, Clock clock) {
    return new UserStore(database, clock);
  }

  @Produces
  @Singleton
  SessionStore sessions(M2ibConfig config, VertxHttpConfig http, Database database, Clock clock) {
    return new SessionStore(
        database, clock, http.auth().form().timeout(), config.access().sessionLimit());
  }

  @Produces
  @Singleton
  Accounts accounts(M2ibConfig config, UserStore users, SessionStore sessions) {
    return new Accounts(
        users, sessions, AdminPassword.of(config.adminPassword(), config.dataDir()));
  }

  @Produces
  @Singleton
  SessionCookie sessionCookie(M2ibConfig config, VertxHttpConfig http, Clock clock) {
    return new SessionCookie(http.auth().form(), SessionKey.of(config.dataDir()), clock);
  }

  /**
   * Used only by {@link SignIn}. With this return type, Quarkus does not register it as a
   * mechanism.
   */
  @Produces
  @Singleton
  @Typed(FormAuthenticationMechanism.class)
  FormAuthenticationMechanism form(VertxHttpConfig http, M2ibConfig config) {
    return new FormAuthenticationMechanism(
        http.auth().form(), Optional.of(SessionKey.of(config.dataDir()).text()));
  }

  @Produces
  @Singleton
  AuthorizationServer authorizationServer(
      M2ibConfig config, TlsConfigurationRegistry registry, Clock clock) {
    return AuthorizationServer.openId(
        config.oauth().issuer(), registry.getDefault().map(AccessBeans::context), clock);
  }

  static SSLContext context(TlsConfiguration tls) {
    try {
      return tls.createSSLContext();
    } catch (Exception e) { // declared so by Quarkus
      throw new IllegalArgumentException("quarkus.tls: " + e.getMessage(), e);
    }
  }
}
