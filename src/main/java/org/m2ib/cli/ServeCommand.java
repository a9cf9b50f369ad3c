package org.m2ib.cli;

import io.quarkus.runtime.Quarkus;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.m2ib.base.Notice;
import org.m2ib.boot.Service;
import org.m2ib.config.M2ibConfig;
import org.m2ib.security.OwnerOnly;
import picocli.CommandLine.Command;

/** {@code m2ib serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the service until it is stopped: DICOM, HL7 v2 and HTTP listeners, attribution, delivery.",
      "docs/configuration.md has every setting.",
      Notice.NOT_DIAGNOSTIC
    })
public final class ServeCommand implements Callable<Integer> {
  private final jakarta.enterprise.inject.Instance<Service> service;
  private final M2ibConfig config;

  @Inject
  ServeCommand(jakarta.enterprise.inject.Instance<Service> service, M2ibConfig config) {
    this.config = config;
    this.service = service;
  }

  @Override
  public Integer call() throws IOException {
    OwnerOnly.protect(config.dataDir());
    try (Service running = service.get()) {
      running.start();
      Quarkus.waitForExit();
    }
    return 0;
  }
}
