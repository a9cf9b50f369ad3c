package org.m2ib.app;

import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.m2ib.cases.Database;
import org.m2ib.delivery.DeliveryException;
import org.m2ib.delivery.FhirServer;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;

/**
 * What {@code /q/health} looks at; docs/operations.md says which probe is for what. A check that
 * fails says why, without patient data.
 */
final class HealthChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Produces
  @Singleton
  @HealthGroup("intake")
  HealthCheck intake(Service service, Database database) {
    return () ->
        named("intake")
            .withData("listeners", service.isListening())
            .withData("database", database.answers())
            .status(service.isListening() && database.answers())
            .build();
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck database(Database database) {
    return () -> named("database").status(database.answers()).build();
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck model(ModelRegistry models) {
    return () ->
        named("model")
            .withData("name", models.defaultCard().name())
            .withData("hash", models.defaultCard().hash())
            .up()
            .build();
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck archives(M2ibConfig config) {
    StoreScu scu =
        new StoreScu(new StoreScu.Settings(config.dicom().aeTitle(), PATIENCE, PATIENCE));
    return () -> {
      HealthCheckResponseBuilder health = named("archives").up();
      for (String archive : config.archive().orElse(List.of())) {
        try {
          scu.echo(RemoteAe.parse(archive));
          health.withData(archive, "answers");
        } catch (DicomNetworkException e) {
          health.withData(archive, e.getMessage()).down();
        }
      }
      return health.build();
    };
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck fhir(Instance<FhirServer> server, M2ibConfig config) {
    return () -> {
      HealthCheckResponseBuilder health = named("fhir").up();
      if (config.fhir().url().isPresent()) {
        try {
          server.get().ping();
          health.withData(config.fhir().url().get(), "answers");
        } catch (DeliveryException e) {
          health.withData(config.fhir().url().get(), e.getMessage()).down();
        }
      }
      return health.build();
    };
  }

  private static HealthCheckResponseBuilder named(String name) {
    return HealthCheckResponse.named(name);
  }
}
