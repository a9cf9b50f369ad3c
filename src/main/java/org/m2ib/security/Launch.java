package org.m2ib.security;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.accounts.LaunchStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.pages.Frame;

/**
 * {@code GET /launch}: a link of another system, signed and good for once, that leads to a case. It
 * signs nobody in.
 */
@PermitAll
@Blocking
@Path("/launch")
@Produces("text/html;charset=UTF-8")
public class Launch {
  private static final int SHORTEST_KEY = 32;

  private final Optional<String> key;
  private final Clock clock;
  private final Instance<LaunchStore> launches;
  private final Instance<ActivityStore> activity;
  private final Template told;
  private final Template forward;
  private final Frame frame;

  @Inject
  public Launch(
      M2ibConfig config,
      Clock clock,
      Instance<LaunchStore> launches,
      Instance<ActivityStore> activity,
      @Location("told.html") Template told,
      @Location("forward.html") Template forward,
      Frame frame) {
    this.key = config.launch().key();
    this.clock = clock;
    this.launches = launches;
    this.activity = activity;
    this.told = told;
    this.forward = forward;
    this.frame = frame;
  }

  /**
   * @throws IllegalArgumentException if the key could be guessed
   */
  public static void check(M2ibConfig config) {
    if (config.launch().key().filter(key -> key.length() < SHORTEST_KEY).isPresent()) {
      throw new IllegalArgumentException(
          "m2ib.launch.key is shorter than " + SHORTEST_KEY + " characters");
    }
  }

  @GET
  public Response launch(@Context HttpHeaders request, @Context RoutingContext context) {
    if (key.isEmpty()) {
      return page(404, "unlaunched", request);
    }
    String address = UserIdentity.address(context);
    try {
      SignedLink link = SignedLink.read(context.request().query(), key.get(), clock.instant());
      if (!launches.get().take(link.nonce(), link.expires())) {
        return refused("used", address, request);
      }
      String target =
          "/open?" + link.name() + "=" + URLEncoder.encode(link.value(), StandardCharsets.UTF_8);
      activity.get().add("m2ib", address, "launched", link.name());
      return ProviderSignIn.forward(frame, forward, target, request);
    } catch (SignedLink.InvalidException e) {
      return refused(e.isLate() ? "expired" : "forged", address, request);
    }
  }

  private Response refused(String why, String address, HttpHeaders request) {
    activity.get().add("m2ib", address, "launch-refused", why);
    return page(403, why, request);
  }

  private Response page(int status, String what, HttpHeaders request) {
    return ProviderSignIn.told(frame, told, status, what, Map.of(), "/", request);
  }
}
