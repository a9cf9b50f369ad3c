package org.m2ib.cli;

import jakarta.inject.Inject;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.m2ib.cli.options.ServiceOption;
import org.m2ib.config.M2ibConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m2ib arrivals}: lists what the running service could not pair. */
@Command(
    name = "arrivals",
    mixinStandardHelpOptions = true,
    description = {
      "Lists as JSON the images and reports that the running service could not process.",
      "The password is read from m2ib.admin-password or the data folder."
    })
public final class ArrivalsCommand implements Callable<Integer> {
  @Option(names = "--retry", description = "Process all of them again instead.")
  private boolean retry;

  @Mixin private ServiceOption service;

  @Spec CommandSpec spec;

  private final M2ibConfig config;

  @Inject
  ArrivalsCommand(M2ibConfig config) {
    this.config = config;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    service.send(
        retry ? "POST" : "GET",
        retry ? "/api/arrivals/retry" : "/api/arrivals?state=set-aside",
        config,
        spec.commandLine().getOut());
    return 0;
  }
}
