package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.accounts.SessionStore;
import org.m2ib.pages.Frame;
import org.m2ib.security.ProviderClient.Pending;
import org.m2ib.security.ProviderClient.Vouched;

/**
 * {@code /sign-in/oidc} leads to the identity provider, which sends people back to {@code return}.
 * The session that begins there is one like any other.
 */
@PermitAll
@Blocking
@Singleton
@Path(Provider.START)
@Produces(ProviderSignIn.HTML)
public class ProviderSignIn {
  private static final Logger LOG = Logger.getLogger(ProviderSignIn.class);
  static final String HTML = "text/html;charset=UTF-8";
  private static final String COOKIE = "m2ib-oidc";
  private static final String WANTED = "quarkus-redirect-location";

  private final Provider provider;
  private final Instance<SessionStore> sessions;
  private final Instance<ActivityStore> activity;
  private final Instance<SessionCookie> cookie;
  private final Template told;
  private final Template forward;
  private final Frame frame;
  private final BegunElsewhere<Pending> signIns = new BegunElsewhere<>(COOKIE, Provider.START);

  @Inject
  public ProviderSignIn(
      Provider provider,
      Instance<SessionStore> sessions,
      Instance<ActivityStore> activity,
      Instance<SessionCookie> cookie,
      @Location("told.html") Template told,
      @Location("forward.html") Template forward,
      Frame frame) {
    this.provider = provider;
    this.sessions = sessions;
    this.activity = activity;
    this.cookie = cookie;
    this.told = told;
    this.forward = forward;
    this.frame = frame;
  }

  @GET
  public Response start(@CookieParam(WANTED) String wanted, @Context HttpHeaders request) {
    if (!provider.isConfigured()) {
      return Response.seeOther(URI.create(SignIn.PAGE)).build();
    }
    try {
      Pending begun = Pending.of(local(wanted));
      URI address = provider.authorization(begun);
      return Response.seeOther(address).cookie(signIns.begin(begun.state(), begun)).build();
    } catch (ProviderException e) {
      return failed(e, request);
    }
  }

  /** A path of this service, else its start. */
  private static String local(String wanted) {
    return wanted != null && wanted.matches("/(?![/\\\\]).*") ? wanted : "/";
  }

  @GET
  @Path("return")
  public Response back(
      @QueryParam("state") String state,
      @QueryParam("code") String code,
      @QueryParam("error") String error,
      @CookieParam(COOKIE) String ours,
      @Context HttpHeaders request,
      @Context RoutingContext context) {
    Optional<Pending> begun = signIns.take(state, ours);
    if (begun.isEmpty()) {
      return page(400, "late", Map.of(), request);
    }
    if (code == null) {
      LOG.warnf("the identity provider refused a sign-in: %s", UserIdentity.printable(error));
      return page(403, "refused", Map.of(), request);
    }
    try {
      return signedIn(provider.redeem(code, begun.get()), begun.get().target(), request, context);
    } catch (ProviderException e) {
      return failed(e, request);
    }
  }

  private Response signedIn(
      Vouched vouched, String target, HttpHeaders request, RoutingContext context) {
    String address = UserIdentity.address(context);
    Optional<String> name = provider.name(vouched);
    if (name.isEmpty()) {
      return page(403, "nameless", Map.of(), request);
    }
    List<String> roles = provider.roles(vouched);
    if (roles.isEmpty()) {
      LOG.warnf("sign-in refused: user %s, address %s, no role", name.get(), address);
      activity.get().add(name.get(), address, "sign-in-refused", "oidc");
      return page(403, "roleless", Map.of("name", name.get()), request);
    }
    String id =
        sessions
            .get()
            .begin(
                name.get(),
                provider.displayName(vouched, name.get()),
                roles,
                address,
                vouched.idToken());
    cookie.get().set(context, name.get(), id);
    LOG.infof("signed in: user %s, address %s, by identity provider", name.get(), address);
    activity.get().add(name.get(), address, "signed-in", "oidc");
    return forward(frame, forward, target, request, signIns.ended());
  }

  /**
   * A page that leads on by itself. A redirect would still count as the other site's, so that the
   * browser would withhold the session's cookie, or refuse it after a form.
   */
  static Response forward(
      Frame frame, Template forward, String target, HttpHeaders request, NewCookie... cookies) {
    return Response.fromResponse(
            frame.showToStrangers(forward.data("target", target), "sign-in", request))
        .type(HTML)
        .cookie(cookies)
        .build();
  }

  private Response failed(ProviderException e, HttpHeaders request) {
    LOG.warnf("sign-in at the identity provider failed: %s", e.getMessage());
    return e.isUnreachable()
        ? page(503, "unreachable", Map.of(), request)
        : page(502, "invalid", Map.of(), request);
  }

  private Response page(int status, String what, Map<String, String> values, HttpHeaders request) {
    return told(frame, told, status, what, values, Provider.START, request);
  }

  /** A page that says what happened and leads on. */
  static Response told(
      Frame frame,
      Template told,
      int status,
      String what,
      Map<String, String> values,
      String path,
      HttpHeaders request) {
    var texts = Frame.texts(request);
    Response page =
        frame.showToStrangers(
            told.data("title", texts.of("access.told." + what + ".title", Map.of()))
                .data("lead", texts.of("access.told." + what, values))
                .data("path", path)
                .data("link", texts.of("access.told." + what + ".link", Map.of())),
            "sign-in",
            request);
    return Response.fromResponse(page).type(HTML).status(status).build();
  }
}
