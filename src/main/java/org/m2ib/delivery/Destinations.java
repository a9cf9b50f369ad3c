package org.m2ib.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.routes.Destination;
import org.m2ib.routes.Handling;

/**
 * Where the results of a case go.
 *
 * @param archives as {@code AET@host:port} or {@link StowAddress}, each with what it receives
 * @param fhirServers base URLs
 * @param hl7 {@link MllpAddress#name}s
 */
public record Destinations(
    Map<String, List<Kind>> archives, List<String> fhirServers, List<String> hl7) {

  /** Every archive receives the same. */
  public Destinations(
      List<String> archives, List<Kind> objects, List<String> fhirServers, List<String> hl7) {
    this(each(archives, objects), fhirServers, hl7);
  }

  private static Map<String, List<Kind>> each(List<String> archives, List<Kind> objects) {
    Map<String, List<Kind>> all = new LinkedHashMap<>();
    archives.forEach(archive -> all.put(archive, List.copyOf(objects)));
    return all;
  }

  /**
   * What is configured.
   *
   * @param archives {@code m2ib.archive} and {@code m2ib.stow.url}, as rows of the outbox name them
   * @param objects {@code m2ib.delivery.objects}
   * @param fhir {@code m2ib.fhir.url}
   * @param hl7 {@link MllpAddress#name}s of {@code m2ib.hl7.destinations}
   */
  public record Configured(
      List<String> archives, List<Kind> objects, Optional<String> fhir, List<String> hl7) {}

  /** The destinations of a route. */
  public static Destinations of(Handling route, Configured configured) {
    Map<String, List<Kind>> archives = new LinkedHashMap<>();
    Set<String> servers = new LinkedHashSet<>();
    Set<String> receivers = new LinkedHashSet<>();
    for (Handling.Sent sent : route.destinations()) {
      if (sent.to().isFhir()) {
        Optional.ofNullable(sent.to().fhir()).or(configured::fhir).ifPresent(servers::add);
        continue;
      } else if (!sent.to().isArchive()) {
        receivers.addAll(
            sent.to().hl7() == null
                ? configured.hl7()
                : List.of(MllpAddress.parse(sent.to().hl7()).name()));
        continue;
      }
      List<Kind> kinds =
          sent.objects() == null ? configured.objects() : Kind.ofObjects(sent.objects());
      List<String> addresses =
          sent.to().equals(Destination.ARCHIVES)
              ? configured.archives()
              : List.of(archive(sent.to()));
      addresses.forEach(address -> archives.merge(address, kinds, Destinations::both));
    }
    return new Destinations(archives, List.copyOf(servers), List.copyOf(receivers));
  }

  private static String archive(Destination to) {
    return to.archive() != null ? to.archive() : StowAddress.of(to.stow());
  }

  private static List<Kind> both(List<Kind> some, List<Kind> others) {
    List<Kind> both = new ArrayList<>(some);
    both.addAll(others);
    return both.stream().distinct().toList();
  }

  /** Whether what is in a row is for one of them. */
  boolean have(Kind kind, String destination) {
    return switch (kind) {
      case BUNDLE -> fhirServers.contains(destination);
      case MESSAGE -> hl7.contains(destination);
      default -> archives.getOrDefault(destination, List.of()).contains(kind);
    };
  }

  List<String> all() {
    return Stream.of(archives.keySet(), fhirServers, hl7).flatMap(Collection::stream).toList();
  }
}
