package org.m2ib.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.Roles;

/**
 * Authenticates the local user {@code admin} by password, with HTTP Basic or at {@code /sign-in}.
 * Every attempt is logged with user and address. Basic sends the password with each request, so its
 * successes are logged once per address.
 */
@ApplicationScoped
public class AdminIdentity implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
  public static final String USER = "admin";
  private static final Logger LOG = Logger.getLogger(AdminIdentity.class);
  private static final int MOST_KNOWN = 10_000;

  @Inject AdminPassword password;
  @Inject SignInThrottle throttle;

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  @Override
  public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
    return UsernamePasswordAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
    RoutingContext routing = HttpSecurityUtils.getRoutingContextAttribute(request);
    String address = address(routing);
    String user = printable(request.getUsername());
    long pause = throttle.pause(address, user);
    if (pause > 0) {
      HttpGuard.pause(routing, pause);
      return refused(routing);
    }
    boolean form = routing != null && SignIn.isSignIn(routing);
    char[] given = request.getPassword().getPassword();
    boolean right = password.matches(given);
    if (!USER.equals(request.getUsername()) || !right) {
      throttle.failed(address, user, AdminPassword.digest(given));
      known.remove(address);
      LOG.warnf("sign-in refused: user %s, address %s", user, address);
      return refused(routing);
    }
    throttle.succeeded(address);
    if (known.size() > MOST_KNOWN) {
      known.clear();
    }
    if (known.add(address) || form) {
      LOG.infof("signed in: user %s, address %s, by %s", USER, address, form ? "page" : "Basic");
    }
    return Uni.createFrom()
        .item(form ? identity(USER + SessionIdentity.MARK + UUID.randomUUID()) : admin());
  }

  private static Uni<SecurityIdentity> refused(RoutingContext context) {
    if (context != null && (HttpProblems.isApi(context) || FhirOutcome.isFhir(context))) {
      SignIn.forgetMechanism(context);
    }
    return Uni.createFrom().failure(new AuthenticationFailedException());
  }

  static String address(RoutingContext context) {
    return context == null || context.request().remoteAddress() == null
        ? "unknown"
        : String.valueOf(context.request().remoteAddress().hostAddress());
  }

  /** Makes a user name from a request safe to log. */
  static String printable(String user) {
    String safe = user == null ? "" : user.replaceAll("[^\\p{Alnum}._@-]", "?");
    return safe.length() > 40 ? safe.substring(0, 40) + "…" : safe;
  }

  static SecurityIdentity admin() {
    return identity(USER);
  }

  private static SecurityIdentity identity(String name) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(name))
        .addRoles(Roles.withIncluded(Roles.ALL))
        .build();
  }
}
