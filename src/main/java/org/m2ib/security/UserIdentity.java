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
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.User;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.Roles;
import org.m2ib.cases.StorageUnavailableException;

/**
 * Authenticates users by password, with HTTP Basic or at {@code /sign-in}. Every attempt is logged
 * with user and address. Basic sends the password with each request, so its successes are logged
 * once per user and address.
 */
@ApplicationScoped
public class UserIdentity implements IdentityProvider<UsernamePasswordAuthenticationRequest> {
  private static final Logger LOG = Logger.getLogger(UserIdentity.class);
  private static final int MOST_KNOWN = 10_000;

  @Inject Instance<Accounts> accounts; // opened with the first password
  @Inject Instance<SessionStore> sessions;
  @Inject Instance<ActivityStore> activity;
  @Inject ServicePassword servicePassword;
  @Inject SignInThrottle throttle;
  @Inject Provider provider;

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
    String user = printable(Accounts.normalized(request.getUsername()));
    long pause = throttle.pause(address, user);
    if (pause > 0) {
      HttpGuard.pause(routing, pause);
      return Uni.createFrom().failure(refused(routing));
    }
    boolean form = routing != null && SignIn.isSignIn(routing);
    String password = new String(request.getPassword().getPassword());
    return context.runBlocking(
        () -> {
          try {
            Optional<SecurityIdentity> found =
                form
                    ? forPages(request.getUsername(), password, address)
                    : forRequest(request.getUsername(), password);
            if (found.isEmpty()) {
              throttle.failed(address, user, SignInThrottle.digest(password));
              known.remove(user + " " + address);
              LOG.warnf("sign-in refused: user %s, address %s", user, address);
              activity.get().add(user, address, "sign-in-refused", form ? "page" : "basic");
              throw refused(routing);
            }
            throttle.succeeded(address);
            signedIn(user, address, form);
            return found.get();
          } catch (StorageUnavailableException e) {
            throw unavailable(routing, e);
          }
        });
  }

  private Optional<SecurityIdentity> forRequest(String name, String password) {
    if (ServicePassword.USER.equals(name)) {
      return servicePassword.matches(password)
          ? Optional.of(identity(name, List.of(Roles.SERVICE)).build())
          : Optional.empty();
    }
    return accounts
        .get()
        .authenticate(name, password)
        .filter(user -> Accounts.isSystem(user.roles()) || provider.allowsPassword(user.name()))
        .map(
            user ->
                identity(user.name(), isHeldUp(user) ? List.of() : user.roles())
                    .addAttribute(MustChange.ATTRIBUTE, isHeldUp(user))
                    .build());
  }

  /** The generated password of admin stays good for scripts until it is changed. */
  private static boolean isHeldUp(User user) {
    return user.mustChange() && !user.name().equals(Accounts.ADMIN);
  }

  private Optional<SecurityIdentity> forPages(String name, String password, String address) {
    return accounts
        .get()
        .authenticate(name, password)
        .filter(user -> !Accounts.isSystem(user.roles()) && provider.allowsPassword(user.name()))
        .map(
            user ->
                identity(
                        user.name() + SessionIdentity.MARK + sessions.get().begin(user, address),
                        List.of())
                    .build());
  }

  private void signedIn(String user, String address, boolean form) {
    if (known.size() > MOST_KNOWN) {
      known.clear();
    }
    if (known.add(user + " " + address) || form) {
      String way = form ? "page" : "Basic";
      LOG.infof("signed in: user %s, address %s, by %s", user, address, way);
      activity.get().add(user, address, "signed-in", form ? "page" : "basic");
    }
  }

  private static AuthenticationFailedException refused(RoutingContext context) {
    if (context != null && (HttpProblems.isApi(context) || FhirOutcome.isFhir(context))) {
      SignIn.forgetMechanism(context);
    }
    return new AuthenticationFailedException();
  }

  /** Marks a request that cannot be authenticated at the moment. */
  static AuthenticationFailedException unavailable(
      RoutingContext context, StorageUnavailableException cause) {
    if (context != null) {
      SignIn.forgetMechanism(context);
      SignIn.unavailable(context);
    }
    return new AuthenticationFailedException(cause);
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

  static QuarkusSecurityIdentity.Builder identity(String name, List<String> roles) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(name))
        .addRoles(Roles.withIncluded(roles));
  }
}
