package org.m2ib.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.BasicAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.m2ib.api.FhirOutcome;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.ProblemMapper;

/**
 * Form authentication at {@code /sign-in}, tried before HTTP Basic. A request without an
 * Authorization header is identified by its session cookie. A browser that asks for a page is
 * redirected to the form; any other client goes on to Basic.
 */
@ApplicationScoped
public class SignIn implements HttpAuthenticationMechanism {
  static final String PAGE = "/sign-in";
  private static final String INVALID_TOKEN =
      "The access token is expired, wrongly signed, or of another issuer or audience.";
  private static final String UNAVAILABLE = "m2ib.storage-unavailable";
  private static final String NO_STORAGE =
      "Storage is not available at the moment. Try again later.";
  private static final String UNREACHABLE =
      "The authorization server cannot be reached. Try again later.";

  private final Instance<FormAuthenticationMechanism> form;
  private final Instance<SessionCookie> cookie;
  private final BearerTokens tokens;

  @Inject
  SignIn(
      Instance<FormAuthenticationMechanism> form,
      Instance<SessionCookie> cookie,
      BearerTokens tokens) {
    this.cookie = cookie;
    this.tokens = tokens;
    this.form = form; // created with the first request, so other commands do not generate a key
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    if (context.request().headers().contains("Authorization")) {
      return Uni.createFrom().nullItem();
    }
    Uni<SecurityIdentity> found =
        form.get()
            .authenticate(context, identities)
            .onItem()
            .ifNotNull()
            .invoke(identity -> cookie.get().renew(context, identity));
    return isSignIn(context) // an ended session is anonymous and challenged as such
        ? found
        : found
            .onFailure(AuthenticationFailedException.class)
            .recoverWithItem(
                () -> {
                  forgetMechanism(context);
                  return null;
                });
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    if (isPage(context)) {
      return form.get().getChallenge(context);
    }
    // what a page asks for must not make the browser open its own password dialog
    return isPartOfPage(context)
        ? Uni.createFrom().item(new ChallengeData(401))
        : Uni.createFrom().nullItem();
  }

  /** Gives clients of {@code /api} and {@code /fhir} a body, like any other error. */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext context) {
    boolean fhir = FhirOutcome.isFhir(context);
    if (!fhir && !HttpProblems.isApi(context) && context.get(UNAVAILABLE) == null) {
      return HttpAuthenticationMechanism.super.sendChallenge(context);
    }
    if (context.get(UNAVAILABLE) != null) {
      context.response().putHeader("Retry-After", "30");
      end(context, fhir, 503, "transient", NO_STORAGE);
    } else if (BearerTokens.isUnreachable(context)) {
      context.response().putHeader("Retry-After", "30");
      end(context, fhir, 503, "transient", UNREACHABLE);
    } else if (HttpGuard.isPaused(context)) {
      end(context, fhir, 429, "throttled", ProblemMapper.detail(429));
    } else {
      boolean invalid = BearerTokens.isInvalid(context);
      if (!isPartOfPage(context)) {
        String basic = invalid ? null : "Basic realm=\"m2ib\"";
        context
            .response()
            .putHeader(
                "WWW-Authenticate",
                Stream.of(basic, tokens.challenge(context)).filter(Objects::nonNull).toList());
      }
      end(context, fhir, 401, "login", invalid ? INVALID_TOKEN : ProblemMapper.detail(401));
    }
    return Uni.createFrom().item(true);
  }

  private static void end(
      RoutingContext context, boolean fhir, int status, String code, String message) {
    if (fhir) {
      FhirOutcome.end(context, status, code, message);
    } else {
      HttpProblems.end(context, status, message);
    }
  }

  /** Marks a request for which the users cannot be read at the moment. */
  static void unavailable(RoutingContext context) {
    context.put(UNAVAILABLE, true);
  }

  /** Lets the next mechanism send its challenge, instead of the one that failed. */
  static void forgetMechanism(RoutingContext context) {
    context.remove(HttpAuthenticationMechanism.class.getName());
  }

  /**
   * Returns whether the request posts the sign-in form with a password. Its name may follow any
   * path.
   */
  static boolean isSignIn(RoutingContext context) {
    return context.request().method().equals(HttpMethod.POST)
        && context.normalizedPath().endsWith("/j_security_check");
  }

  /** Whether a script of a page asks, or the browser for a file, picture or stream of one. */
  private boolean isPartOfPage(RoutingContext context) {
    HttpServerRequest request = context.request();
    String mode = request.getHeader("Sec-Fetch-Mode"); // not sent to plain HTTP of another host
    return "XMLHttpRequest".equals(request.getHeader("X-Requested-With"))
        || mode != null && !mode.equals("navigate")
        || cookie.get().isIn(request)
        || context.normalizedPath().matches("/(assets|webjars)/.*");
  }

  /** Whether a browser asks for a page, rather than a script for data. */
  static boolean isPage(RoutingContext context) {
    String path = context.normalizedPath();
    String accept = context.request().getHeader("Accept");
    return context.request().method().equals(HttpMethod.GET)
        && accept != null
        && accept.contains("text/html")
        && !path.matches("/(api|fhir|dicom-web|q)(/.*)?");
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(UsernamePasswordAuthenticationRequest.class, TrustedAuthenticationRequest.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
    return form.get().getCredentialTransport(context);
  }

  @Override
  public int getPriority() {
    return BasicAuthenticationMechanism.PRIORITY + 1;
  }
}
