package org.m2ib.boot;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Database;
import org.m2ib.cases.OwedCommitmentStore;
import org.m2ib.cases.PerformedStepStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.Deliveries;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.DimseService;
import org.m2ib.dicom.PerformedProcedures;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StorageCommitment;
import org.m2ib.dicom.StoreScu;
import org.m2ib.holdings.HeldQueries;
import org.m2ib.holdings.Holdings;
import org.m2ib.intake.dicom.HeldObjects;
import org.m2ib.intake.dicom.OwedAnswers;
import org.m2ib.intake.dicom.StudySignals;

/** The DICOM services that the listener offers besides Storage. */
@Singleton
class DicomServices {
  private final M2ibConfig config;
  private final TlsConfigurations tls;
  private final Holdings holdings;
  private final Database database;
  private final Clock clock;
  private final HeldObjects held;
  private final Deliveries deliveries;
  private final CommitmentScu commitments;
  private final Map<String, RemoteAe> peers;

  @Inject
  DicomServices(
      M2ibConfig config,
      TlsConfigurations tls,
      ArrivalStore arrivals,
      Blobs blobs,
      Holdings holdings,
      Database database,
      Clock clock,
      Deliveries deliveries,
      CommitmentScu commitments) {
    this.config = config;
    this.tls = tls;
    this.holdings = holdings;
    this.database = database;
    this.clock = clock;
    this.held = new HeldObjects(arrivals, blobs);
    this.deliveries = deliveries;
    this.commitments = commitments;
    this.peers = peers(config);
    peers.values().forEach(peer -> peer.tls().ifPresent(tls::client)); // fails at start, not later
  }

  /** By AE title. */
  static Map<String, RemoteAe> peers(M2ibConfig config) {
    return config.dicom().peers().orElse(List.of()).stream()
        .map(RemoteAe::parse)
        .collect(Collectors.toMap(RemoteAe::aeTitle, Function.identity()));
  }

  List<DimseService> all() {
    List<DimseService> services = new ArrayList<>();
    services.add(
        new StorageCommitment(
            held,
            new OwedAnswers(new OwedCommitmentStore(database, clock)),
            deliveries,
            commitments,
            this::peer));
    services.add(
        new PerformedProcedures(new StudySignals(new PerformedStepStore(database, clock))));
    Set<String> callers = Set.copyOf(config.query().callers().orElse(List.of()));
    if (!callers.isEmpty()) {
      services.add(
          new QueryRetrieve(
              new HeldQueries(holdings),
              callers,
              config.query().mostMatches(),
              new StoreScu(StoreScu.Settings.of(config.dicom().aeTitle()), tls::client),
              this::peer));
    }
    return services;
  }

  private Optional<RemoteAe> peer(String aeTitle) {
    return Optional.ofNullable(peers.get(aeTitle));
  }
}
