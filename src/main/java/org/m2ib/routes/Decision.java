package org.m2ib.routes;

import java.util.List;
import java.util.stream.Collectors;
import org.m2ib.routes.Condition.Check;

/**
 * Which route a case takes, and why.
 *
 * @param taken the route and what held
 * @param passed the routes before it, each with the image that came closest
 */
public record Decision(Compared taken, List<Compared> passed) {

  /**
   * A route that was compared with a case.
   *
   * @param image number of the image in its study, from 1; 0 if there is none
   */
  public record Compared(Route route, int image, List<Check> checks) {
    boolean holds() {
      return checks.stream().allMatch(Check::holds);
    }

    private long held() {
      return checks.stream().filter(Check::holds).count();
    }

    Compared orCloser(Compared other) {
      return other.held() > held() ? other : this;
    }

    /** The conditions with what was found, in a line. */
    @Override
    public String toString() {
      return checks.isEmpty()
          ? "no conditions"
          : checks.stream().map(Check::toString).collect(Collectors.joining("; "));
    }
  }

  public Route route() {
    return taken.route();
  }
}
