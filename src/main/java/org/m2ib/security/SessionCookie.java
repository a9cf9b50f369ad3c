package org.m2ib.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.FormAuthConfig;
import io.quarkus.vertx.http.runtime.security.PersistentLoginManager;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import org.m2ib.accounts.Session;

/**
 * Sets the cookie of a session in the form's way: of one that did not begin with the form, and anew
 * of one that goes on. The form's own renewal would write the person's name alone into it.
 */
public final class SessionCookie {
  private final Clock clock;
  private final String name;
  private final PersistentLoginManager manager;

  /**
   * @throws IllegalStateException if the form would renew cookies itself
   */
  public SessionCookie(FormAuthConfig form, SessionKey key, Clock clock) {
    if (form.newCookieInterval().compareTo(form.timeout()) <= 0) {
      throw new IllegalStateException(
          "quarkus.http.auth.form.new-cookie-interval: must be longer than"
              + " quarkus.http.auth.form.timeout. Remove it: the service renews cookies itself.");
    }
    this.clock = clock;
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

  /** Whether a request has such a cookie, be its session over or not. */
  boolean isIn(HttpServerRequest request) {
    return request.getCookie(name) != null;
  }

  /** Renews the cookie of an identity's session if it is due. */
  void renew(RoutingContext context, SecurityIdentity identity) {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    if (session != null && session.isDue(clock.instant())) {
      set(context, session.person(), identity.getAttribute(Session.ID));
    }
  }

  /**
   * @param id of the session
   */
  void set(RoutingContext context, String person, String id) {
    manager.save(
        person + SessionIdentity.MARK + id, context, name, null, context.request().isSSL());
  }
}
