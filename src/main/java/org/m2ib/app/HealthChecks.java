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
import org.jboss.logging.Logger;
import org.m2ib.cases.Database;
import org.m2ib.delivery.DeliveryException;
import org.m2ib.delivery.FhirServer;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;

/**
 * What {@code /q/health} looks at; docs/operations.md says which probe is for what. A check that
 * fails says so without names of hosts, as anybody may ask; the log has them.
 */
final class HealthChecks {
  private static final Logger LOG = Logger.getLogger(HealthChecks.class);
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
    return new Recent(
        () -> {
          List<String> archives = config.archive().orElse(List.of());
          int answer = 0;
          for (String archive : archives) {
            try {
              scu.echo(RemoteAe.parse(archive));
              answer++;
            } catch (DicomNetworkException e) {
              LOG.warnf("an archive does not answer: %s", e.getMessage());
            }
          }
          return named("archives")
              .withData("configured", archives.size())
              .withData("answering", answer)
              .status(answer == archives.size())
              .build();
        });
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck fhir(Instance<FhirServer> server, M2ibConfig config) {
    return new Recent(
        () -> {
          HealthCheckResponseBuilder health = named("fhir").up();
          if (config.fhir().url().isPresent()) {
            try {
              server.get().ping();
            } catch (DeliveryException e) {
              LOG.warnf("the FHIR server does not answer: %s", e.getMessage());
              health.down();
            }
          }
          return health.build();
        });
  }

  /**
   * What a check said within the last half minute: whoever asks often makes the service call no one
   * more often than that.
   */
  private static final class Recent implements HealthCheck {
    private static final Duration AGE = Duration.ofSeconds(30);
    private final HealthCheck check;
    private HealthCheckResponse said;
    private long at;

    Recent(HealthCheck check) {
      this.check = check;
    }

    @Override
    public synchronized HealthCheckResponse call() {
      if (said == null || System.nanoTime() - at > AGE.toNanos()) {
        said = check.call();
        at = System.nanoTime();
      }
      return said;
    }
  }

  private static HealthCheckResponseBuilder named(String name) {
    return HealthCheckResponse.named(name);
  }
}
