package org.m2ib.boot;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.m2ib.base.HttpUrl;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.DeliveryException;
import org.m2ib.delivery.FhirRelease;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.FhirServers;
import org.m2ib.delivery.HttpAuthorization;
import org.m2ib.delivery.KnownDestinations;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.StowAddress;
import org.m2ib.delivery.StowArchive;
import org.m2ib.delivery.StowArchives;
import org.m2ib.results.hl7.Hl7Version;
import org.m2ib.routes.Destination;
import org.m2ib.routes.RoutesInForce;

/** The systems that receive results: those configured, and those in the routes in force. */
@Singleton
class RoutedPeers implements StowArchives, FhirServers, KnownDestinations {
  private final M2ibConfig config;
  private final RoutesInForce routes;
  private final Instance<FhirServer> configured;
  private final TlsConfigurations tls;

  private final Map<Destination, FhirServer> clients = new ConcurrentHashMap<>();
  private final Map<Destination, StowArchive> routedArchives = new ConcurrentHashMap<>();
  private final Optional<StowArchive> configuredArchive;

  @Inject
  RoutedPeers(
      M2ibConfig config,
      RoutesInForce routes,
      Instance<FhirServer> configured,
      TlsConfigurations tls) {
    this.config = config;
    this.routes = routes;
    this.configured = configured;
    this.tls = tls;
    config.fhir().url().ifPresent(url -> requireHttp("m2ib.fhir.url", url));
    this.configuredArchive = config.stow().url().map(url -> archive(url, config.stow()));
  }

  private Collection<Destination> routed() {
    return routes.state().routes() == null
        ? List.of()
        : routes.state().routes().destinations().values();
  }

  /** The archives, as {@code AET@host:port}, each once. */
  List<String> archives() {
    Set<String> all = new LinkedHashSet<>(config.archive().orElse(List.of()));
    routed().stream().map(Destination::archive).filter(a -> a != null).forEach(all::add);
    return List.copyOf(all);
  }

  /** The DICOMweb archives, as rows of the outbox name them, each once. */
  List<String> webArchives() {
    Set<String> all = new LinkedHashSet<>();
    config.stow().url().map(StowAddress::of).ifPresent(all::add);
    routed().stream()
        .map(Destination::stow)
        .filter(url -> url != null)
        .map(StowAddress::of)
        .forEach(all::add);
    return List.copyOf(all);
  }

  /** The FHIR servers' base URLs, each once. */
  List<String> fhirUrls() {
    Set<String> all = new LinkedHashSet<>(config.fhir().url().stream().toList());
    routed().stream().map(Destination::fhir).filter(url -> url != null).forEach(all::add);
    return List.copyOf(all);
  }

  /** The HL7 receivers, as {@code mllp://host:port}, each once; those configured as written. */
  List<String> receivers() {
    Set<String> all = new LinkedHashSet<>(config.hl7().destinations().orElse(List.of()));
    routed().stream().map(Destination::hl7).filter(to -> to != null).forEach(all::add);
    return List.copyOf(all);
  }

  /**
   * The version of HL7 that a receiver gets now; its address's own if nothing names it any more.
   */
  Hl7Version version(MllpAddress receiver) {
    return receivers().stream()
        .map(MllpAddress::parse)
        .filter(known -> known.name().equals(receiver.name()))
        .findFirst()
        .orElse(receiver)
        .version();
  }

  /** As the rows of the outbox name them. */
  Set<String> all() {
    Set<String> all = new LinkedHashSet<>(archives());
    all.addAll(webArchives());
    all.addAll(fhirUrls());
    receivers().forEach(receiver -> all.add(MllpAddress.parse(receiver).name()));
    return all;
  }

  @Override
  public List<Known> known() {
    Map<String, List<String>> named = new LinkedHashMap<>();
    config.archive().orElse(List.of()).forEach(to -> name(named, to, "m2ib.archive"));
    config.stow().url().ifPresent(to -> name(named, StowAddress.of(to), "m2ib.stow.url"));
    config.fhir().url().ifPresent(to -> name(named, to, "m2ib.fhir.url"));
    config
        .hl7()
        .destinations()
        .orElse(List.of())
        .forEach(to -> name(named, MllpAddress.parse(to).name(), "m2ib.hl7.destinations"));
    for (Destination to : routed()) {
      String stow = to.stow() == null ? null : StowAddress.of(to.stow());
      String hl7 = to.hl7() == null ? null : MllpAddress.parse(to.hl7()).name();
      Stream.of(to.archive(), stow, to.fhir(), hl7)
          .filter(Objects::nonNull)
          .forEach(address -> name(named, address, "m2ib.routes: " + to.name()));
    }
    return named.entrySet().stream()
        .map(each -> new Known(Protocol.of(each.getKey()), each.getKey(), each.getValue()))
        .sorted(Comparator.comparing(Known::protocol))
        .toList();
  }

  private static void name(Map<String, List<String>> named, String address, String by) {
    named.computeIfAbsent(address, key -> new ArrayList<>()).add(by);
  }

  /**
   * The client of {@code m2ib.stow.url}.
   *
   * @throws IllegalArgumentException if its URL or credentials make no sense, or it names no TLS
   *     configuration: at start, not later
   */
  private StowArchive archive(String url, M2ibConfig.Stow stow) {
    requireHttp("m2ib.stow.url", url);
    if (stow.token().isPresent() && stow.username().isPresent()) {
      throw new IllegalArgumentException("set one of m2ib.stow.token and m2ib.stow.username");
    }
    if (stow.username().isPresent() != stow.password().isPresent()) {
      throw new IllegalArgumentException("set both m2ib.stow.username and m2ib.stow.password");
    }
    stow.tlsConfigurationName().ifPresent(tls::client);
    return new StowArchive(
        new StowArchive.Settings(
            "m2ib.stow.url",
            url,
            HttpAuthorization.of(stow.token(), stow.username(), stow.password()),
            stow.timeout(),
            stow.tlsConfigurationName().map(name -> () -> tls.client(name))));
  }

  private static void requireHttp(String key, String url) {
    if (HttpUrl.parse(url.strip()).isEmpty()) {
      throw new IllegalArgumentException(key + " = " + url + ": must be an http or https URL");
    }
  }

  @Override
  public Optional<StowArchive> archive(String address) {
    if (config.stow().url().map(StowAddress::of).equals(Optional.of(address))) {
      return configuredArchive;
    }
    return routed().stream()
        .filter(to -> to.stow() != null && StowAddress.of(to.stow()).equals(address))
        .findFirst()
        .map(
            destination ->
                routedArchives.computeIfAbsent(
                    destination,
                    to ->
                        new StowArchive(
                            new StowArchive.Settings(
                                "m2ib.routes: " + to.name(),
                                to.stow(),
                                authorization(to),
                                config.stow().timeout(),
                                Optional.ofNullable(to.tls())
                                    .map(name -> () -> tls.client(name))))));
  }

  @Override
  public Optional<FhirServer> configured() {
    return config.fhir().url().map(url -> configured.get());
  }

  @Override
  public boolean knows(String url) {
    return fhirUrls().contains(url);
  }

  @Override
  public Optional<FhirServer> at(String url) {
    if (config.fhir().url().equals(Optional.of(url))) {
      return configured();
    }
    return routed().stream().filter(d -> url.equals(d.fhir())).findFirst().map(this::client);
  }

  private FhirServer client(Destination destination) {
    return clients.computeIfAbsent(
        destination,
        to ->
            FhirServer.connect(
                new FhirServer.Settings(
                    to.fhir(),
                    authorization(to),
                    FhirRelease.valueOf(config.fhir().release().name()),
                    config.fhir().timeout(),
                    config.fhir().literalReferences(),
                    Optional.ofNullable(to.tls()).map(name -> () -> tls.client(name)))));
  }

  /** Reads the file of the token or password for each request. */
  private static HttpAuthorization authorization(Destination to) {
    if (to.tokenFile() != null) {
      return client -> HttpAuthorization.bearer(secret(to.tokenFile())).field(client);
    }
    return to.username() == null
        ? HttpAuthorization.none()
        : client -> HttpAuthorization.basic(to.username(), secret(to.passwordFile())).field(client);
  }

  private static String secret(String file) throws DeliveryException {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new DeliveryException(file + " (m2ib.routes) cannot be read", e);
    }
  }

  /** Rows that wait for what is not known any more, by destination. */
  Map<String, Long> unknown(Map<String, Long> waiting) {
    List<String> known = new ArrayList<>(all());
    waiting.keySet().removeAll(known);
    return waiting;
  }
}
