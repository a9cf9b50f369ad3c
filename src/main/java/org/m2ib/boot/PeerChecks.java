package org.m2ib.boot;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.DeliveryException;
import org.m2ib.delivery.FhirReadiness;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.MllpClient;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Uids;
import org.m2ib.routes.RoutesInForce;

/** The doctor's checks of certificates and of the systems that receive results. */
@Singleton
class PeerChecks {
  /** For each answer of another system. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A certificate that expires sooner is worth a warning. */
  private static final long SOON_DAYS = 30;

  private final M2ibConfig config;
  private final TlsConfigurations tls;
  private final Instance<RoutedPeers> peers;
  private final Instance<RoutesInForce> routes;
  private final Clock clock;
  private final StoreScu scu;
  private final CommitmentScu commitments;
  private final QueryScu queries;
  private final List<String> commits;

  @Inject
  PeerChecks(
      M2ibConfig config,
      TlsConfigurations tls,
      Instance<RoutedPeers> peers,
      Instance<RoutesInForce> routes,
      Clock clock) {
    this.config = config;
    this.tls = tls;
    this.peers = peers;
    this.routes = routes;
    this.clock = clock;
    StoreScu.Settings settings =
        new StoreScu.Settings(config.dicom().aeTitle(), PATIENCE, PATIENCE);
    this.scu = new StoreScu(settings, tls::client);
    this.commitments = new CommitmentScu(settings, tls::client);
    this.queries = new QueryScu(settings, PATIENCE, tls::client);
    this.commits = config.delivery().commitment().orElse(List.of());
  }

  /** Our own certificates. */
  List<Finding> certificates() {
    TreeSet<String> names = new TreeSet<>();
    config.dicom().tlsConfigurationName().ifPresent(names::add);
    config.hl7().tlsConfigurationName().ifPresent(names::add);
    config.fhir().tlsConfigurationName().ifPresent(names::add);
    config.stow().tlsConfigurationName().ifPresent(names::add);
    tls.https().ifPresent(names::add);
    return names.stream().map(this::certificate).toList();
  }

  private Finding certificate(String name) {
    String label = "tls " + name;
    try {
      Optional<X509Certificate> own = tls.certificate(name);
      if (own.isEmpty()
          && Stream.of(config.fhir().tlsConfigurationName(), config.stow().tlsConfigurationName())
              .anyMatch(Optional.of(name)::equals)) {
        return Finding.ok(label, "no certificate of our own: a client needs none");
      }
      if (own.isEmpty()) {
        return Finding.failed(
            label, "no certificate of our own", "Set quarkus.tls." + name + ".key-store.");
      }
      Finding dated = dated(label, "certificate", own.get(), "Renew it");
      return dated.status() == Finding.Condition.OK && !tls.reloads(name)
          ? Finding.warning(
              label,
              dated.found() + "; a renewed one counts only after a restart",
              "Set quarkus.tls." + name + ".reload-period, for example to 1h.")
          : dated;
    } catch (IllegalArgumentException e) {
      return Finding.failed(label, e.getMessage(), "See docs/operations.md, TLS.");
    }
  }

  private Finding dated(String label, String found, X509Certificate certificate, String renew) {
    long days = Duration.between(clock.instant(), certificate.getNotAfter().toInstant()).toDays();
    String text =
        "%s of %s, %s"
            .formatted(
                found,
                certificate.getSubjectX500Principal(),
                days < 0 ? "expired" : "valid for " + days + " days");
    if (days < 0) {
      return Finding.failed(label, text, renew + ".");
    }
    return days < SOON_DAYS
        ? Finding.warning(label, text, renew + " before it expires.")
        : Finding.ok(label, text);
  }

  /**
   * Each archive, by C-ECHO; with TLS also the certificate that it shows. A DICOMweb archive by a
   * search.
   */
  List<Finding> archives() {
    List<Finding> found = new ArrayList<>();
    for (String text : peers.get().archives()) {
      found.add(archive("archive " + text, text));
    }
    peers.get().webArchives().forEach(address -> found.add(webArchive(address)));
    if (found.isEmpty()) {
      found.add(
          Finding.warning(
              "archive",
              "none is configured: captures stay here",
              "Set m2ib.archive, m2ib.stow.url or m2ib.routes."));
    }
    return found;
  }

  private Finding archive(String label, String text) {
    try {
      RemoteAe archive = RemoteAe.parse(text);
      Finding secured =
          archive.tls().isPresent()
              ? shown(label, archive)
              : Finding.ok(label, "answers C-ECHO, without TLS");
      scu.echo(archive);
      if (commits.contains(archive.aeTitle()) && !commitments.isOffered(archive)) {
        return Finding.failed(
            label,
            "answers C-ECHO, but does not offer storage commitment",
            "Have the archive offer it, or take its title out of m2ib.delivery.commitment.");
      }
      return secured;
    } catch (DicomNetworkException | IOException e) {
      return Finding.failed(label, e.getMessage(), archiveAdvice(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return Finding.failed(label, e.getMessage(), "Correct m2ib.archive.");
    }
  }

  private Finding webArchive(String address) {
    String label = "archive " + address;
    try {
      peers.get().archive(address).orElseThrow().ping(PATIENCE);
      return Finding.ok(
          label, "answers a search (QIDO-RS); not tried: storing, which would leave an object");
    } catch (DeliveryException e) {
      boolean denied = e.getMessage().matches("(?s).*\\b40[13]\\b.*");
      return Finding.failed(
          label,
          e.getMessage(),
          denied
              ? "Correct its token, or username and password, in m2ib.stow or m2ib.routes."
              : elsewhere(e, "Compare its URL with the archive's DICOMweb root"));
    }
  }

  private static String elsewhere(DeliveryException e, String advice) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "Compare the trust store of the TLS configuration that is named for it with the"
            + " authority of the server's certificate, which must be for this host.";
      }
    }
    return advice + "; look for a firewall.";
  }

  /** Each archive that is asked for studies: whether it offers query and retrieval. */
  List<Finding> retrieval() {
    return Stream.of(config.retrieve().from(), config.priors().from())
        .flatMap(Optional::stream)
        .flatMap(List::stream)
        .distinct()
        .map(this::retrieval)
        .toList();
  }

  private Finding retrieval(String text) {
    String label = "retrieve from " + text;
    try {
      boolean move = config.retrieve().method().equals("move");
      boolean offered =
          queries.isOffered(
              RemoteAe.parse(text),
              Uids.STUDY_ROOT_FIND,
              move ? Uids.STUDY_ROOT_MOVE : Uids.STUDY_ROOT_GET);
      return offered
          ? Finding.ok(label, "offers " + (move ? "C-FIND and C-MOVE" : "C-FIND and C-GET"))
          : Finding.failed(
              label,
              "does not offer " + (move ? "C-FIND and C-MOVE" : "C-FIND and C-GET"),
              "Have it allow them to this AE title, or change m2ib.retrieve.method.");
    } catch (DicomNetworkException e) {
      return Finding.failed(
          label,
          e.getMessage(),
          "Compare m2ib.retrieve.from and m2ib.priors.from with its address.");
    } catch (IllegalArgumentException e) {
      return Finding.failed(
          label, e.getMessage(), "Correct m2ib.retrieve.from or m2ib.priors.from.");
    }
  }

  /** Each of {@code m2ib.dicom.peers}, by C-ECHO. */
  List<Finding> peers() {
    return config.dicom().peers().orElse(List.of()).stream().map(this::peer).toList();
  }

  private Finding peer(String text) {
    String label = "peer " + text;
    try {
      scu.echo(RemoteAe.parse(text));
      return Finding.ok(label, "answers C-ECHO");
    } catch (DicomNetworkException e) {
      return Finding.failed(label, e.getMessage(), "Compare m2ib.dicom.peers with its address.");
    } catch (IllegalArgumentException e) {
      return Finding.failed(label, e.getMessage(), "Correct m2ib.dicom.peers.");
    }
  }

  private Finding shown(String label, RemoteAe archive) throws IOException {
    int patience = (int) PATIENCE.toMillis();
    try (Socket tcp = new Socket()) {
      tcp.connect(new InetSocketAddress(archive.host(), archive.port()), patience);
      try (SSLSocket socket =
          tls.client(archive.tls().get()).connect(tcp, archive.host(), patience)) {
        SSLSession session = socket.getSession();
        X509Certificate theirs = (X509Certificate) session.getPeerCertificates()[0];
        return dated(
            label,
            "answers C-ECHO with " + session.getProtocol() + "; its certificate is",
            theirs,
            "Have the archive's certificate renewed");
      }
    } catch (IOException e) {
      throw new IOException(archive + ": " + e.getMessage(), e);
    }
  }

  private String archiveAdvice(String problem) {
    if (problem.contains("called AE title")) {
      return "Compare the AE title in m2ib.archive with the archive's own.";
    } else if (problem.contains("calling AE title")) {
      return "Have the archive accept the AE title " + config.dicom().aeTitle() + " from here.";
    } else if (problem.contains("TLS")) {
      return "Compare the certificates, see docs/operations.md, TLS.";
    }
    return "Compare host and port in m2ib.archive with the archive's; look for a firewall.";
  }

  /** Each receiver of HL7 messages, by a connection. */
  List<Finding> receivers() {
    MllpClient mllp = new MllpClient(PATIENCE, tls::hl7Client);
    List<Finding> found = new ArrayList<>();
    for (String text : peers.get().receivers()) {
      String label = "hl7 " + text;
      try {
        mllp.ping(MllpAddress.parse(text));
        found.add(
            Finding.ok(label, "accepts connections; not tried: a message, which would be kept"));
      } catch (DeliveryException e) {
        found.add(
            Finding.failed(
                label,
                e.getMessage(),
                "Compare host, port and TLS in m2ib.hl7.destinations; look for a firewall."));
      } catch (IllegalArgumentException e) {
        found.add(Finding.failed(label, e.getMessage(), "Correct m2ib.hl7.destinations."));
      }
    }
    return found;
  }

  /** The FHIR server, by its CapabilityStatement and a resource that it checks without keeping. */
  List<Finding> fhir() {
    List<String> urls = peers.get().fhirUrls();
    if (urls.isEmpty()) {
      return List.of(
          Finding.ok("fhir", "none is configured: results are at this service's /fhir only"));
    }
    return urls.stream().map(this::fhir).toList();
  }

  private Finding fhir(String url) {
    boolean configured = config.fhir().url().equals(Optional.of(url));
    String label = configured ? "fhir" : "fhir " + url;
    try {
      FhirReadiness readiness = FhirReadiness.of(peers.get().at(url).orElseThrow(), PATIENCE);
      if (!readiness.lacking().isEmpty()) {
        return Finding.warning(
            label,
            "its CapabilityStatement does not list " + String.join(", ", readiness.lacking()),
            "Results need these; a server may support more than it lists.");
      }
      return Finding.ok(
          label,
          "/metadata lists what results need; "
              + (readiness.validated()
                  ? "an Observation was checked, not kept"
                  : "not tried: writing, since the server has no $validate"));
    } catch (DeliveryException e) {
      boolean denied = e.getMessage().matches("(?s).*\\b40[13]\\b.*");
      String credentials =
          configured
              ? "m2ib.fhir.token, username and password, or client-id, key and scope"
              : "token-file, or username and password-file, in m2ib.routes";
      String address = configured ? "m2ib.fhir.url" : "the URL in m2ib.routes";
      String advice =
          denied
              ? "Correct " + credentials + "."
              : elsewhere(e, "Compare " + address + " with the server's base URL");
      return Finding.failed(label, e.getMessage(), advice);
    }
  }

  /** The file of routes, as it is now. */
  List<Finding> routes() {
    if (config.routes().isEmpty()) {
      return List.of();
    }
    String label = "routes " + config.routes().get();
    String advice = "See ./m2ib routes check " + config.routes().get() + ".";
    try {
      RoutesInForce.State state = routes.get().state();
      return List.of(
          state.error() == null
              ? Finding.ok(label, state.routes().routes().size() + " routes are in force")
              : Finding.failed(label, "others stay in force: " + state.error(), advice));
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
      return List.of(Finding.failed(label, cause.getMessage(), advice));
    }
  }
}
