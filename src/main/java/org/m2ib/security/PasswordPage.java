package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.PasswordRules;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.User;
import org.m2ib.api.ActivityLog;
import org.m2ib.pages.Frame;
import org.m2ib.pages.Texts;

/** {@code /password}: where users change their password. It begins a new session. */
@Authenticated
@Blocking
@Path(PasswordPage.PATH)
@Produces("text/html;charset=UTF-8")
public class PasswordPage {
  static final String PATH = "/password";

  private final Frame frame;
  private final Template page;
  private final SecurityIdentity identity;
  private final Instance<Accounts> accounts;
  private final Instance<SessionStore> sessions;
  private final Instance<SessionCookie> cookie;
  private final SignInThrottle throttle;
  private final ActivityLog activity;

  @Inject
  public PasswordPage(
      Frame frame,
      @Location("password.html") Template page,
      SecurityIdentity identity,
      Instance<Accounts> accounts,
      Instance<SessionStore> sessions,
      Instance<SessionCookie> cookie,
      SignInThrottle throttle,
      ActivityLog activity) {
    this.frame = frame;
    this.page = page;
    this.identity = identity;
    this.accounts = accounts;
    this.sessions = sessions;
    this.cookie = cookie;
    this.throttle = throttle;
    this.activity = activity;
  }

  @GET
  public Response get(@Context HttpHeaders request, @Context SecurityContext person) {
    return page(200, null, request, person);
  }

  @POST
  public Response change(
      @FormParam("current") String current,
      @FormParam("password") String next,
      @FormParam("again") String again,
      @Context HttpHeaders request,
      @Context SecurityContext person,
      @Context RoutingContext context) {
    Optional<User> user = user();
    if (user.isEmpty() || current == null || next == null) {
      return page(400, "EMPTY", request, person);
    }
    String address = UserIdentity.address(context);
    if (throttle.pause(address, user.get().name()) > 0) {
      return page(429, "PAUSE", request, person);
    }
    if (!next.equals(again)) {
      return page(400, "DIFFERENT", request, person);
    }
    Optional<Accounts.Unchanged> problem = accounts.get().changePassword(user.get(), current, next);
    if (problem.isPresent()) {
      if (problem.get() == Accounts.Unchanged.WRONG_PASSWORD) {
        throttle.failed(address, user.get().name(), SignInThrottle.digest(current));
      }
      return page(400, problem.get().name(), request, person);
    }
    activity.record("password-changed", "user/" + user.get().name());
    cookie.get().set(context, user.get().name(), sessions.get().begin(user.get(), address));
    return Response.seeOther(URI.create("/")).build();
  }

  /** Empty for people of an identity provider, and for systems. */
  private Optional<User> user() {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    return session == null || session.idToken() != null
        ? Optional.empty()
        : accounts.get().find(session.person());
  }

  private Response page(int status, String problem, HttpHeaders request, SecurityContext person) {
    Optional<User> user = user();
    boolean first = user.isPresent() && user.get().mustChange();
    Texts texts = Frame.texts(request);
    Map<String, Object> shortest = Map.of("shortest", PasswordRules.SHORTEST);
    TemplateInstance filled =
        page.data("changes", user.isPresent() && !user.get().managed())
            .data("first", first)
            .data("back", !first)
            .data("next", texts.of("access.next", shortest))
            .data(
                "problem",
                problem == null ? null : texts.of("access.problem." + problem, shortest));
    return Response.fromResponse(frame.show(filled, "sign-in", request, person))
        .status(status)
        .build();
  }
}
