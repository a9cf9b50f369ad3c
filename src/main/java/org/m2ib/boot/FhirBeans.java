package org.m2ib.boot;

import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.m2ib.cases.Database;
import org.m2ib.config.M2ibConfig;
import org.m2ib.fhir.BackgroundTasks;
import org.m2ib.fhir.export.ExportStore;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.subscription.Endpoints;
import org.m2ib.fhir.subscription.SubscriptionStore;
import org.m2ib.fhir.subscription.Subscriptions;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.results.capture.ObjectHeader;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;
import org.m2ib.results.fhir.FhirNames;

/** Makes the FHIR server. */
final class FhirBeans {
  /** Longer than a transaction that stores resources takes. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  @Produces
  @Singleton
  FhirBundle.Settings fhirSettings(M2ibConfig config) {
    M2ibConfig.Fhir fhir = config.fhir();
    return new FhirBundle.Settings(
        ObjectHeader.DEVICE,
        Version.current(),
        ZoneId.systemDefault(),
        fhir.patientIdSystem(),
        fhir.accessionNumberSystem(),
        fhir.reportIdSystem(),
        new FhirNames(fhir.canonicalBase()),
        fhir.aiLabels(),
        fhir.dicomWebUrl());
  }

  @Produces
  @Singleton
  FhirJudgements fhirJudgements(FhirBundle.Settings settings, JudgingPolicy judging) {
    return new FhirJudgements(settings, judging.schemes());
  }

  @Produces
  @Singleton
  ResourceStore resources(M2ibConfig config, Database database, Clock clock) {
    return new ResourceStore(database, clock, config.fhirApi().subscriptionEndpoints().isPresent());
  }

  @Produces
  @Singleton
  SubscriptionStore subscriptionStore(Database database, Clock clock) {
    return new SubscriptionStore(database, clock);
  }

  @Produces
  @Singleton
  Subscriptions subscriptions(
      M2ibConfig config,
      TlsConfigurationRegistry registry,
      Database database,
      SubscriptionStore store,
      ResourceStore resources,
      Clock clock) {
    return BackgroundTasks.subscriptions(
        Endpoints.of(config.fhirApi().subscriptionEndpoints().orElse(List.of())),
        registry.getDefault().map(AccessBeans::context),
        database,
        store,
        resources,
        clock);
  }

  @Produces
  @Singleton
  ExportStore exportStore(Database database) {
    return new ExportStore(database);
  }

  @Produces
  @Singleton
  Exports exports(
      M2ibConfig config,
      Database database,
      ExportStore store,
      ResourceStore resources,
      Clock clock) {
    return BackgroundTasks.exports(
        config.dataDir().resolve("exports"),
        config.fhirApi().exportExpiry(),
        SETTLING,
        database,
        store,
        resources,
        clock);
  }
}
