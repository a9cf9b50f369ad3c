package org.m2ib.boot;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.cases.FailurePlace;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.DeliveryException;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.MllpClient;
import org.m2ib.delivery.StowArchive;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;

/**
 * Checks every ten seconds whether archives (C-ECHO, QIDO-RS), HL7 receivers and the FHIR server
 * respond, so that health requests, which need no password, trigger no call. The log names those
 * that stop or start responding.
 */
@Singleton
public class DestinationWatch {
  private static final Logger LOG = Logger.getLogger(DestinationWatch.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  /** Number of destinations, and how many responded when last checked. */
  record Seen(int configured, int answering) {}

  private final RoutedPeers peers;
  private final Optional<String> configured;
  private final MllpClient mllp;
  private final StoreScu scu;
  private final Map<String, Boolean> said = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.named("destination-watch"));
  private volatile int archivesAnswering;
  private volatile int fhirAnswering;
  private volatile int receiversAnswering;

  @Inject
  DestinationWatch(M2ibConfig config, RoutedPeers peers, TlsConfigurations tls) {
    this.peers = peers;
    this.configured = config.fhir().url();
    peers.archives().stream()
        .map(RemoteAe::parse)
        .forEach(archive -> archive.tls().ifPresent(tls::client)); // fails at start, not later
    peers.receivers().stream()
        .map(MllpAddress::parse)
        .forEach(receiver -> receiver.tls().ifPresent(tls::hl7Client));
    this.mllp = new MllpClient(PATIENCE, tls::hl7Client);
    this.scu =
        new StoreScu(
            new StoreScu.Settings(config.dicom().aeTitle(), PATIENCE, PATIENCE), tls::client);
  }

  void start() {
    clock.scheduleWithFixedDelay(this::look, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void end() {
    clock.shutdownNow();
  }

  Seen archives() {
    return new Seen(peers.archives().size() + peers.webArchives().size(), archivesAnswering);
  }

  Seen fhir() {
    return new Seen(peers.fhirUrls().size(), fhirAnswering);
  }

  /** HL7 receivers that accept a connection. */
  Seen receivers() {
    return new Seen(peers.receivers().size(), receiversAnswering);
  }

  private void look() {
    int answer = 0;
    for (String archive : peers.archives()) {
      answer += answers(archive, () -> scu.echo(RemoteAe.parse(archive))) ? 1 : 0;
    }
    for (String archive : peers.webArchives()) {
      answer += answers(archive, () -> search(archive)) ? 1 : 0;
    }
    archivesAnswering = answer;
    answer = 0;
    for (String receiver : peers.receivers()) {
      answer += answers(receiver, () -> mllp.ping(MllpAddress.parse(receiver))) ? 1 : 0;
    }
    receiversAnswering = answer;
    answer = 0;
    for (String url : peers.fhirUrls()) {
      String name = "the FHIR server" + (configured.equals(Optional.of(url)) ? "" : " at " + url);
      answer += answers(name, () -> ping(url)) ? 1 : 0;
    }
    fhirAnswering = answer;
  }

  private void search(String address) throws DeliveryException {
    Optional<StowArchive> archive = peers.archive(address); // empty once the routes have changed
    if (archive.isPresent()) {
      archive.get().ping(PATIENCE);
    }
  }

  private void ping(String url) throws DeliveryException {
    Optional<FhirServer> server = peers.at(url); // empty once the routes have changed
    if (server.isPresent()) {
      server.get().ping(PATIENCE);
    }
  }

  private interface Call {
    void make() throws DeliveryException;
  }

  private boolean answers(String name, Call call) {
    try {
      call.make();
      return note(name, "");
    } catch (DicomNetworkException | DeliveryException e) {
      return note(name, e.getMessage());
    } catch (RuntimeException e) { // an uncaught exception would end the watch
      return note(name, FailurePlace.of(e));
    }
  }

  /** Logs a change. */
  private boolean note(String name, String problem) {
    boolean answers = problem.isEmpty();
    Boolean before = said.put(name, answers);
    if (answers && Boolean.FALSE.equals(before)) {
      LOG.infof("%s answers again", name);
    } else if (!answers && !Boolean.FALSE.equals(before)) {
      LOG.warnf("%s does not answer: %s", name, problem);
    }
    return answers;
  }
}
