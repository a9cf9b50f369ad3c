package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.PasswordRules;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.User;
import org.m2ib.api.ActivityLog;

/** {@code /password}: where users change their password. It begins a new session. */
@Authenticated
@Blocking
@Path(PasswordPage.PATH)
@Produces("text/html;charset=UTF-8")
public class PasswordPage {
  static final String PATH = "/password";

  private final Template page;
  private final SecurityIdentity identity;
  private final Instance<Accounts> accounts;
  private final Instance<SessionStore> sessions;
  private final Instance<SessionCookie> cookie;
  private final SignInThrottle throttle;
  private final ActivityLog activity;

  @Inject
  public PasswordPage(
      @Location("password.html") Template page,
      SecurityIdentity identity,
      Instance<Accounts> accounts,
      Instance<SessionStore> sessions,
      Instance<SessionCookie> cookie,
      SignInThrottle throttle,
      ActivityLog activity) {
    this.page = page;
    this.identity = identity;
    this.accounts = accounts;
    this.sessions = sessions;
    this.cookie = cookie;
    this.throttle = throttle;
    this.activity = activity;
  }

  @GET
  public Response get() {
    return page(200, "");
  }

  @POST
  public Response change(
      @FormParam("current") String current,
      @FormParam("password") String next,
      @FormParam("again") String again,
      @Context RoutingContext context) {
    Optional<User> user = user();
    if (user.isEmpty() || current == null || next == null) {
      return page(400, "");
    }
    String address = UserIdentity.address(context);
    if (throttle.pause(address, user.get().name()) > 0) {
      return page(429, "PAUSE");
    }
    if (!next.equals(again)) {
      return page(400, "DIFFERENT");
    }
    Optional<Accounts.Unchanged> problem = accounts.get().changePassword(user.get(), current, next);
    if (problem.isPresent()) {
      if (problem.get() == Accounts.Unchanged.WRONG_PASSWORD) {
        throttle.failed(address, user.get().name(), SignInThrottle.digest(current));
      }
      return page(400, problem.get().name());
    }
    activity.record("password-changed", "user/" + user.get().name());
    cookie.get().set(context, user.get().name(), sessions.get().begin(user.get(), address));
    return Response.seeOther(URI.create("/")).build();
  }

  /** Empty for people of an identity provider, and for systems. */
  private Optional<User> user() {
    Session session = identity.getAttribute(SessionIdentity.SESSION);
    return session == null || session.idToken() != null
        ? Optional.empty()
        : accounts.get().find(session.person());
  }

  private Response page(int status, String problem) {
    Optional<User> user = user();
    String html =
        page.data("user", identity.getPrincipal().getName(), "model", null)
            .data("shortest", PasswordRules.SHORTEST)
            .data("changes", user.isPresent() && !user.get().managed())
            .data("first", user.isPresent() && user.get().mustChange())
            .data("problem", problem)
            .render();
    return Response.status(status).entity(html).build();
  }
}
