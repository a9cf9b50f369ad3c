package org.m2ib.security;

import io.quarkus.vertx.http.runtime.FormAuthConfig;
import io.quarkus.vertx.http.runtime.security.PersistentLoginManager;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Sets the cookie of a session that did not begin with the form, in the form's way. */
public final class SessionCookie {
  private final String name;
  private final PersistentLoginManager manager;

  public SessionCookie(FormAuthConfig form, SessionKey key) {
    this.name = form.cookieName();
    this.manager =
        new PersistentLoginManager(
            key.text(),
            name,
            form.timeout().toMillis(),
            form.newCookieInterval().toMillis(),
            form.httpOnlyCookie(),
            form.cookieSameSite().name(),
            form.cookiePath().orElse("/"),
            form.cookieMaxAge().map(Duration::toSeconds).orElse(-1L),
            form.cookieDomain().orElse(null));
  }

  /**
   * @param id of the session
   */
  void set(RoutingContext context, String person, String id) {
    manager.save(
        person + SessionIdentity.MARK + id, context, name, null, context.request().isSSL());
  }
}
