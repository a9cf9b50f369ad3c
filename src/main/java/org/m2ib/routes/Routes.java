package org.m2ib.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The content of a file of routes.
 *
 * @param hash SHA-256 of the file
 * @param destinations by name, in the file's order
 * @param routes in the file's order
 */
public record Routes(String hash, Map<String, Destination> destinations, List<Route> routes) {

  public Routes {
    routes = List.copyOf(routes);
  }

  /**
   * The first route for which all conditions hold, those of images for one and the same image; else
   * {@link Route#DEFAULT}.
   */
  public Decision decide(CaseFacts facts) {
    List<Decision.Compared> passed = new ArrayList<>();
    for (Route route : routes) {
      Decision.Compared compared = compare(route, facts);
      if (compared.holds()) {
        return new Decision(compared, passed);
      }
      passed.add(compared);
    }
    return new Decision(compare(Route.DEFAULT, facts), passed);
  }

  private static Decision.Compared compare(Route route, CaseFacts facts) {
    if (facts.images().isEmpty()) {
      return new Decision.Compared(route, 0, route.check(null, facts.report()));
    }
    Decision.Compared closest = null;
    for (ImageFacts image : facts.images()) {
      Decision.Compared compared =
          new Decision.Compared(route, image.number(), route.check(image, facts.report()));
      closest = closest == null ? compared : closest.orCloser(compared);
    }
    return closest;
  }
}
