package org.m2ib.security;

import com.nimbusds.oauth2.sdk.Scope;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.tls.TlsConfigurationRegistry;
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
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.config.M2ibConfig;
import org.m2ib.pages.Frame;
import org.m2ib.security.SmartClient.Pending;

/**
 * {@code GET /launch/smart}: an electronic record opens this service for a study or a patient
 * (SMART App Launch 2, EHR launch). Like {@link Launch}, it signs nobody in.
 */
@PermitAll
@Blocking
@Singleton
@Path(SmartLaunch.START)
@Produces(ProviderSignIn.HTML)
public class SmartLaunch {
  private static final Logger LOG = Logger.getLogger(SmartLaunch.class);
  static final String START = "/launch/smart";
  static final String RETURN = START + "/return";
  private static final String COOKIE = "m2ib-smart";

  private final Optional<SmartClient> client;
  private final Instance<ActivityStore> activity;
  private final Template told;
  private final Template forward;
  private final Frame frame;
  private final BegunElsewhere<Pending> launches = new BegunElsewhere<>(COOKIE, START);

  @Inject
  public SmartLaunch(
      M2ibConfig config,
      TlsConfigurationRegistry registry,
      Clock clock,
      Instance<ActivityStore> activity,
      @Location("told.html") Template told,
      @Location("forward.html") Template forward,
      Frame frame) {
    check(config);
    this.client =
        config.launch().smart().fhirBase().map(base -> client(base, config, registry, clock));
    this.activity = activity;
    this.told = told;
    this.forward = forward;
    this.frame = frame;
  }

  private static SmartClient client(
      String fhirBase, M2ibConfig config, TlsConfigurationRegistry registry, Clock clock) {
    M2ibConfig.Smart smart = config.launch().smart();
    Optional<SSLContext> tls = Provider.context(registry);
    return new SmartClient(
        fhirBase,
        config.fhir().patientIdSystem(),
        new CodeFlow(
            new CodeFlow.Settings(
                smart.clientId().get(),
                smart.clientSecret(),
                Scope.parse(smart.scope()),
                URI.create(config.publicUrl().get().replaceFirst("/+$", "") + RETURN)),
            AuthorizationServer.smart(fhirBase, tls, clock),
            tls.map(SSLContext::getSocketFactory)));
  }

  /**
   * @throws IllegalArgumentException if a setting is missing
   */
  public static void check(M2ibConfig config) {
    M2ibConfig.Smart smart = config.launch().smart();
    if (smart.fhirBase().isPresent()
        && (smart.clientId().isEmpty() || config.publicUrl().isEmpty())) {
      throw new IllegalArgumentException(
          "m2ib.launch.smart.fhir-base needs m2ib.launch.smart.client-id, and m2ib.public-url, below"
              + " which the record sends people back to "
              + RETURN);
    }
  }

  @GET
  public Response launch(
      @QueryParam("iss") String iss,
      @QueryParam("launch") String launch,
      @Context HttpHeaders request,
      @Context RoutingContext context) {
    if (client.isEmpty()) {
      return page(404, "smart.unlaunched", request);
    }
    if (launch == null || !client.get().isOf(iss)) {
      return refused(403, "foreign", request, context);
    }
    Pending begun = Pending.create();
    try {
      URI address = client.get().authorization(launch, begun);
      return Response.seeOther(address).cookie(launches.begin(begun.state(), begun)).build();
    } catch (ProviderException e) {
      return failed(e, request, context);
    }
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
    Optional<Pending> begun = launches.take(state, ours);
    if (begun.isEmpty() || client.isEmpty()) {
      return refused(400, "late", request, context);
    }
    if (code == null) {
      LOG.warnf("the electronic record refused a launch: %s", UserIdentity.printable(error));
      return refused(403, "refused", request, context);
    }
    try {
      Optional<String> target = client.get().target(code, begun.get());
      if (target.isEmpty()) {
        return refused(404, "nothing", request, context);
      }
      activity.get().add("m2ib", UserIdentity.address(context), "launched", "smart");
      return ProviderSignIn.forward(frame, forward, target.get(), request, launches.ended());
    } catch (ProviderException e) {
      return failed(e, request, context);
    }
  }

  private Response failed(ProviderException e, HttpHeaders request, RoutingContext context) {
    LOG.warnf("a launch by the electronic record failed: %s", e.getMessage());
    return e.isUnreachable()
        ? refused(503, "unreachable", request, context)
        : refused(502, "invalid", request, context);
  }

  private Response refused(int status, String why, HttpHeaders request, RoutingContext context) {
    activity.get().add("m2ib", UserIdentity.address(context), "launch-refused", "smart/" + why);
    return page(status, "smart." + why, request);
  }

  private Response page(int status, String what, HttpHeaders request) {
    return ProviderSignIn.told(frame, told, status, what, Map.of(), "/", request);
  }
}
