package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.m2ib.api.Roles;
import org.m2ib.routes.Destination;
import org.m2ib.routes.Handling;
import org.m2ib.routes.ImageChoice;
import org.m2ib.routes.Route;
import org.m2ib.routes.Routes;
import org.m2ib.routes.RoutesInForce;

/** {@code /api/routes}: the routes that cases take now. */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/routes")
@Blocking
public class RoutesResource {
  private final Supplier<RoutesInForce> routes;

  /** Looked up on the first request, because commands without a server read no routes. */
  @Inject
  public RoutesResource(Instance<RoutesInForce> routes) {
    this.routes = routes::get;
  }

  /**
   * @param file m2ib.routes; null if it is not set
   * @param hash SHA-256 of the file in force; null without a file
   * @param since when it came into force; null without a file
   * @param error why the file as it is now is not in force; null if it is
   */
  record RouteList(
      String file,
      String hash,
      Instant since,
      String error,
      List<RouteEntry> routes,
      List<RouteDestination> destinations) {}

  /**
   * @param line in the file
   * @param when the conditions
   * @param ignore why its cases are not attributed; null if they are
   * @param images null leaves it to the configuration
   * @param model null leaves it to the models' rules
   * @param method null leaves it to the configuration
   */
  record RouteEntry(
      String name,
      int line,
      List<RouteCondition> when,
      String ignore,
      ImageChoice images,
      String model,
      String method,
      List<RouteSent> destinations) {
    static RouteEntry of(Route route) {
      Handling handling = route.handling();
      return new RouteEntry(
          route.name(),
          route.line(),
          route.when().stream().map(c -> new RouteCondition(c.key(), c.wanted())).toList(),
          handling.ignore(),
          handling.images(),
          handling.model(),
          handling.method(),
          handling.destinations().stream()
              .map(sent -> new RouteSent(sent.to().name(), sent.objects()))
              .toList());
    }
  }

  record RouteCondition(String key, String wanted) {}

  /**
   * @param objects null: those of m2ib.delivery.objects, and for what is no archive
   */
  record RouteSent(String destination, List<String> objects) {}

  /**
   * @param archive null if it is none
   * @param stow null if it is none
   * @param fhir null if it is none
   * @param hl7 null if it is none
   */
  record RouteDestination(String name, String archive, String stow, String fhir, String hl7) {
    static RouteDestination of(Destination destination) {
      return new RouteDestination(
          destination.name(),
          destination.archive(),
          destination.stow(),
          destination.fhir(),
          destination.hl7());
    }
  }

  /** The routes in force, and what is wrong with the file as it is now. */
  @GET
  @Operation(operationId = "getRoutes", summary = "Returns the routes in force.")
  public RouteList get() {
    return of(routes.get());
  }

  static RouteList of(RoutesInForce inForce) {
    RoutesInForce.State state = inForce.state();
    Routes routes = state.routes();
    return new RouteList(
        inForce.file().map(java.nio.file.Path::toString).orElse(null),
        routes == null ? null : routes.hash(),
        state.since(),
        state.error(),
        routes == null ? List.of() : routes.routes().stream().map(RouteEntry::of).toList(),
        routes == null
            ? List.of()
            : routes.destinations().values().stream().map(RouteDestination::of).toList());
  }
}
