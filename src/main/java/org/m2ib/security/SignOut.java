package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.api.ActivityLog;
import org.m2ib.pages.Frame;

/**
 * {@code POST /sign-out} ends the session, so that copies of its cookie stop working; with {@code
 * everywhere} all of the person's.
 */
@PermitAll
@Blocking
@Path("/sign-out")
public class SignOut {
  private static final Logger LOG = Logger.getLogger(SignOut.class);

  private final String cookie;
  private final SecurityIdentity identity;
  private final Instance<SessionStore> sessions;
  private final ActivityLog activity;
  private final Provider provider;
  private final Frame frame;
  private final Template forward;

  public SignOut(
      @ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie,
      SecurityIdentity identity,
      Instance<SessionStore> sessions,
      ActivityLog activity,
      Provider provider,
      Frame frame,
      @Location("forward.html") Template forward) {
    this.cookie = cookie;
    this.identity = identity;
    this.sessions = sessions;
    this.activity = activity;
    this.provider = provider;
    this.frame = frame;
    this.forward = forward;
  }

  @POST
  public Response signOut(
      @FormParam("everywhere") @DefaultValue("false") boolean everywhere,
      @Context HttpHeaders request,
      @Context RoutingContext context) {
    String id = identity.getAttribute(Session.ID);
    if (id != null) {
      String person = identity.getPrincipal().getName();
      activity.record(everywhere ? "signed-out-everywhere" : "signed-out", "user/" + person);
      if (everywhere) {
        sessions.get().endAll(person);
      } else {
        sessions.get().end(id);
      }
      LOG.infof("signed out: user %s, address %s", person, UserIdentity.address(context));
    }
    NewCookie none =
        new NewCookie.Builder(cookie)
            .value("")
            .path("/")
            .maxAge(0)
            .httpOnly(true)
            .sameSite(NewCookie.SameSite.STRICT)
            .build();
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    return Optional.ofNullable(session)
        .map(Session::idToken)
        .flatMap(provider::signOut)
        .map(there -> ProviderSignIn.forward(frame, forward, there.toString(), request, none))
        .orElseGet(() -> Response.seeOther(URI.create(SignIn.PAGE)).cookie(none).build());
  }
}
