package org.m2ib.boot;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.base.tls.Tls;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.CommitmentStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.Backoff;
import org.m2ib.delivery.CaseMessages;
import org.m2ib.delivery.CaseObjects;
import org.m2ib.delivery.Commitments;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.DestinationTrial;
import org.m2ib.delivery.Destinations;
import org.m2ib.delivery.FhirRelease;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.HttpAuthorization;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.delivery.MllpClient;
import org.m2ib.delivery.Redelivery;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.delivery.SentResults;
import org.m2ib.delivery.SmartAuthorization;
import org.m2ib.delivery.StowAddress;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.HoldingsIndex;
import org.m2ib.judging.JudgementStore;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;
import org.m2ib.results.hl7.ResultMessage;
import org.m2ib.routes.CaseRoutes;

/** Makes what sends results out, and holds them for those who fetch them. */
final class DeliveryBeans {
  @Produces
  @Singleton
  ResultPublisher publisher(
      M2ibConfig config,
      CaseRoutes routes,
      FhirBundle.Settings fhir,
      FhirJudgements fhirJudgements,
      JudgementStore judgements,
      DiscordanceStore discordances,
      Database database,
      CaseStore cases,
      ResultStore results,
      ResourceStore resources,
      Outbox outbox) {
    Destinations.Configured configured =
        new Destinations.Configured(
            Stream.concat(
                    config.archive().stream().flatMap(List::stream),
                    config.stow().url().stream().map(StowAddress::of))
                .toList(),
            Delivery.Kind.ofObjects(config.delivery().objects()),
            config.fhir().url(),
            hl7Destinations(config));
    return new ResultPublisher(
        c -> Destinations.of(routes.of(c), configured),
        new FhirBundle(fhir),
        fhirJudgements,
        database,
        cases,
        results,
        judgements,
        discordances,
        resources,
        outbox);
  }

  @Produces
  @Singleton
  FhirServer fhirServer(M2ibConfig config, TlsConfigurations tls, Clock clock) {
    M2ibConfig.Fhir fhir = config.fhir();
    Optional<Supplier<Tls>> keys = fhir.tlsConfigurationName().map(name -> () -> tls.client(name));
    return FhirServer.connect(
        new FhirServer.Settings(
            fhir.url().orElseThrow(),
            authorization(fhir, clock),
            FhirRelease.valueOf(fhir.release().name()),
            fhir.timeout(),
            fhir.literalReferences(),
            keys));
  }

  private static HttpAuthorization authorization(M2ibConfig.Fhir fhir, Clock clock) {
    if (fhir.clientId().isPresent() != fhir.clientKey().isPresent()) {
      throw new IllegalArgumentException("set both m2ib.fhir.client-id and m2ib.fhir.client-key");
    }
    List<String> ways =
        Stream.of(fhir.token(), fhir.username(), fhir.clientId())
            .flatMap(Optional::stream)
            .toList();
    if (ways.size() > 1) {
      throw new IllegalArgumentException(
          "set one of m2ib.fhir.token, m2ib.fhir.username and m2ib.fhir.client-id");
    }
    if (fhir.clientId().isPresent()) {
      return new SmartAuthorization(
          new SmartAuthorization.Settings(
              fhir.url().orElseThrow(),
              fhir.tokenUrl(),
              fhir.clientId().get(),
              fhir.clientKey().get(),
              fhir.scope(),
              fhir.timeout()),
          clock);
    }
    return HttpAuthorization.of(fhir.token(), fhir.username(), fhir.password());
  }

  @Produces
  @Singleton
  Deliveries deliveries(
      M2ibConfig config,
      RoutedPeers peers,
      TlsConfigurations tls,
      Commitments commitments,
      ResultPublisher publisher,
      Database database,
      CaseStore cases,
      Outbox outbox,
      CaseObjects objects,
      CaseMessages messages,
      MllpClient mllp,
      Clock clock) {
    M2ibConfig.Delivery delivery = config.delivery();
    return new Deliveries(
        new Backoff(
            delivery.attempts(),
            delivery.firstPause(),
            delivery.longestPause(),
            () -> ThreadLocalRandom.current().nextDouble()),
        new StoreScu(StoreScu.Settings.of(config.dicom().aeTitle()), tls::client),
        commitments,
        peers,
        peers,
        publisher,
        database,
        cases,
        outbox,
        objects,
        messages,
        mllp,
        clock);
  }

  /**
   * @throws IllegalArgumentException if an address is none, or has two versions
   */
  static List<MllpAddress> hl7Receivers(M2ibConfig config) {
    List<MllpAddress> receivers =
        config.hl7().destinations().orElse(List.of()).stream().map(MllpAddress::parse).toList();
    for (MllpAddress one : receivers) {
      if (receivers.stream().anyMatch(one::contradicts)) {
        throw new IllegalArgumentException(
            "m2ib.hl7.destinations: " + one.name() + " has two versions of HL7; choose one");
      }
    }
    return receivers;
  }

  private static List<String> hl7Destinations(M2ibConfig config) {
    return hl7Receivers(config).stream().map(MllpAddress::name).distinct().toList();
  }

  @Produces
  @Singleton
  MllpClient mllp(M2ibConfig config, TlsConfigurations tls) {
    return new MllpClient(config.hl7().timeout(), tls::hl7Client);
  }

  @Produces
  @Singleton
  CaseMessages caseMessages(
      M2ibConfig config,
      RoutedPeers peers,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs,
      Clock clock) {
    M2ibConfig.Hl7 hl7 = config.hl7();
    return new CaseMessages(
        new ResultMessage(
            hl7.facility(),
            hl7.receivingApplication(),
            hl7.receivingFacility(),
            config.publicUrl(),
            ZoneId.systemDefault()),
        peers::version,
        new SentResults(cases, results, outbox),
        blobs,
        clock);
  }

  @Produces
  @Singleton
  CommitmentScu commitmentScu(M2ibConfig config, TlsConfigurations tls) {
    return new CommitmentScu(StoreScu.Settings.of(config.dicom().aeTitle()), tls::client);
  }

  @Produces
  @Singleton
  Commitments commitments(M2ibConfig config, CommitmentScu scu, Database database, Clock clock) {
    Set<String> asked = Set.copyOf(config.delivery().commitment().orElse(List.of()));
    Set<String> archives =
        config.archive().orElse(List.of()).stream()
            .map(archive -> RemoteAe.parse(archive).aeTitle())
            .collect(Collectors.toSet());
    if (config.routes().isEmpty() && !archives.containsAll(asked)) {
      throw new IllegalArgumentException(
          "m2ib.delivery.commitment = %s: must be AE titles of m2ib.archive"
              .formatted(String.join(",", asked)));
    }
    return new Commitments(
        asked, config.delivery().commitmentTimeout(), scu, new CommitmentStore(database, clock));
  }

  @Produces
  @Singleton
  CaseObjects caseObjects(
      M2ibConfig config,
      ArrivalStore arrivals,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs) {
    return new CaseObjects(
        config.results().seriesNumber(),
        Version.current(),
        Delivery.Kind.ofObjects(config.delivery().objects()),
        arrivals,
        cases,
        results,
        outbox,
        blobs);
  }

  @Produces
  @Singleton
  HoldingsIndex holdingsIndex(Database database, Blobs blobs, CaseObjects objects) {
    return new HoldingsIndex(database, blobs, objects::held, StorageBeans.INDEX_PATIENCE);
  }

  @Produces
  @Singleton
  Holdings holdings(Database database, Blobs blobs, HoldingsIndex index) {
    return new Holdings(database, blobs, index);
  }

  @Produces
  @Singleton
  Redelivery redelivery(Database database, ArrivalStore arrivals, CaseStore cases, Outbox outbox) {
    return new Redelivery(database, arrivals, cases, outbox);
  }

  /** As the doctor, it waits a few seconds for each answer. */
  @Produces
  @Singleton
  DestinationTrial destinationTrial(M2ibConfig config, RoutedPeers peers, TlsConfigurations tls) {
    Duration limit = PeerChecks.PATIENCE;
    return new DestinationTrial(
        new StoreScu(new StoreScu.Settings(config.dicom().aeTitle(), limit, limit), tls::client),
        new MllpClient(limit, tls::hl7Client),
        peers,
        peers,
        limit);
  }
}
