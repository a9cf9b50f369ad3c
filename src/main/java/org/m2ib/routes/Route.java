package org.m2ib.routes;

import java.util.List;

/**
 * One route.
 *
 * @param when all of them must hold; none: always
 * @param line in its file, from 1; 0 for the one that is in none
 */
public record Route(String name, List<Condition> when, Handling handling, int line) {

  /** Takes the cases that no other takes: everything as configured. */
  public static final Route DEFAULT = new Route("default", List.of(), Handling.CONFIGURED, 0);

  public Route {
    when = List.copyOf(when);
  }

  List<Condition.Check> check(ImageFacts image, ReportFacts report) {
    return when.stream().map(condition -> condition.check(image, report)).toList();
  }
}
