package org.m2ib.boot;

import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.m2ib.cases.Database;
import org.m2ib.dicom.DecoderProgram;
import org.m2ib.dicom.DecoderPrograms;
import org.m2ib.models.ModelRegistry;
import org.m2ib.routes.RoutesInForce;

/**
 * The checks of {@code /q/health}; docs/operations.md explains each probe. Requests are anonymous,
 * so a failed check names no hosts; the log does.
 */
final class HealthChecks {
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
  HealthCheck archives(DestinationWatch destinations) {
    return () -> seen("archives", destinations.archives());
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck fhir(DestinationWatch destinations) {
    return () -> seen("fhir", destinations.fhir());
  }

  /** A changed file of routes that is wrong changes nothing, but somebody should look. */
  @Produces
  @Singleton
  @Readiness
  HealthCheck routes(RoutesInForce routes) {
    return () ->
        named("routes")
            .withData("configured", routes.file().isPresent())
            .withData("current", routes.state().error() == null)
            .status(routes.state().error() == null)
            .build();
  }

  /** A missing program is no reason to take the service out: most images need none. */
  @Produces
  @Singleton
  @Readiness
  HealthCheck decoders() {
    return () -> {
      HealthCheckResponseBuilder answer = named("decoders");
      for (DecoderProgram program : DecoderProgram.values()) {
        answer.withData(program.program(), DecoderPrograms.isThere(program));
      }
      return answer.up().build();
    };
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck receivers(DestinationWatch destinations) {
    return () -> seen("hl7", destinations.receivers());
  }

  private static HealthCheckResponse seen(String name, DestinationWatch.Seen seen) {
    return named(name)
        .withData("configured", seen.configured())
        .withData("answering", seen.answering())
        .status(seen.configured() == seen.answering())
        .build();
  }

  private static HealthCheckResponseBuilder named(String name) {
    return HealthCheckResponse.named(name);
  }
}
