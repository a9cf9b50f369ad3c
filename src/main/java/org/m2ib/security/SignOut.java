package org.m2ib.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** {@code POST /sign-out} ends the session and invalidates all copies of its cookie. */
@PermitAll
@Path("/sign-out")
public class SignOut {
  private static final Logger LOG = Logger.getLogger(SignOut.class);

  private final String cookie;
  private final SecurityIdentity identity;
  private final EndedSessions ended;

  public SignOut(
      @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie,
      SecurityIdentity identity,
      EndedSessions ended) {
    this.cookie = cookie;
    this.identity = identity;
    this.ended = ended;
  }

  @POST
  public Response signOut(@Context RoutingContext context) {
    String session = identity.getAttribute(SessionIdentity.SESSION);
    if (session != null) {
      ended.add(session);
      LOG.infof(
          "signed out: user %s, address %s",
          identity.getPrincipal().getName(), AdminIdentity.address(context));
    }
    NewCookie none =
        new NewCookie.Builder(cookie)
            .value("")
            .path("/")
            .maxAge(0)
            .httpOnly(true)
            .sameSite(NewCookie.SameSite.STRICT)
            .build();
    return Response.seeOther(URI.create(SignIn.PAGE)).cookie(none).build();
  }
}
