package org.m2ib.cli;

import jakarta.inject.Inject;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.m2ib.cli.options.ServiceOption;
import org.m2ib.config.M2ibConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code m2ib redeliver}: asks the running service to send results again. */
@Command(
    name = "redeliver",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the running service to resend results: all dead letters, or one case.",
      "The password is read from m2ib.admin-password or the data folder."
    })
public final class RedeliverCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "CASE",
      description = "Case id. Default: all dead letters.")
  UUID caseId;

  @Mixin private ServiceOption service;

  @Spec CommandSpec spec;

  private final M2ibConfig config;

  @Inject
  RedeliverCommand(M2ibConfig config) {
    this.config = config;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String path = caseId == null ? "/api/redelivery" : "/api/cases/" + caseId + "/redelivery";
    service.send("POST", path, config, spec.commandLine().getOut());
    return 0;
  }
}
