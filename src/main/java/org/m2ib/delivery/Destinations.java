package org.m2ib.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.routes.Destination;
import org.m2ib.routes.Handling;

/**
 * Where the results of a case go.
 *
 * @param archives as {@code AET@host:port}, each with what it receives
 * @param fhirServers base URLs
 */
public record Destinations(Map<String, List<Kind>> archives, List<String> fhirServers) {

  /** Every archive receives the same. */
  public Destinations(List<String> archives, List<Kind> objects, List<String> fhirServers) {
    this(each(archives, objects), fhirServers);
  }

  private static Map<String, List<Kind>> each(List<String> archives, List<Kind> objects) {
    Map<String, List<Kind>> all = new LinkedHashMap<>();
    archives.forEach(archive -> all.put(archive, List.copyOf(objects)));
    return all;
  }

  /**
   * What is configured.
   *
   * @param archives {@code m2ib.archive}
   * @param objects {@code m2ib.delivery.objects}
   * @param fhir {@code m2ib.fhir.url}
   */
  public record Configured(List<String> archives, List<Kind> objects, Optional<String> fhir) {}

  /** The destinations of a route. */
  public static Destinations of(Handling route, Configured configured) {
    Map<String, List<Kind>> archives = new LinkedHashMap<>();
    Set<String> servers = new LinkedHashSet<>();
    for (Handling.Sent sent : route.destinations()) {
      if (!sent.to().isArchive()) {
        Optional.ofNullable(sent.to().fhir()).or(configured::fhir).ifPresent(servers::add);
        continue;
      }
      List<Kind> kinds =
          sent.objects() == null ? configured.objects() : Kind.ofObjects(sent.objects());
      List<String> addresses =
          sent.to().equals(Destination.ARCHIVES)
              ? configured.archives()
              : List.of(sent.to().archive());
      addresses.forEach(address -> archives.merge(address, kinds, Destinations::both));
    }
    return new Destinations(archives, List.copyOf(servers));
  }

  private static List<Kind> both(List<Kind> some, List<Kind> others) {
    List<Kind> both = new ArrayList<>(some);
    both.addAll(others);
    return both.stream().distinct().toList();
  }

  /** Whether what is in a row is for one of them. */
  boolean have(Kind kind, String destination) {
    return kind == Kind.BUNDLE
        ? fhirServers.contains(destination)
        : archives.getOrDefault(destination, List.of()).contains(kind);
  }
}
