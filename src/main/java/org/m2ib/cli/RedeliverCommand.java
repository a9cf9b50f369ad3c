package org.m2ib.cli;

import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.m2ib.config.M2ibConfig;
import org.m2ib.security.AdminIdentity;
import org.m2ib.security.AdminPassword;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code m2ib redeliver}: asks the running service to send again. */
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

  @Option(names = "--url", description = "Address of the service. Default: ${DEFAULT-VALUE}")
  String url = "http://127.0.0.1:8080";

  @Spec CommandSpec spec;

  private final M2ibConfig config;

  @Inject
  RedeliverCommand(M2ibConfig config) {
    this.config = config;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String path = caseId == null ? "/api/redelivery" : "/api/cases/" + caseId + "/redelivery";
    String credentials =
        AdminIdentity.USER
            + ":"
            + AdminPassword.of(config.adminPassword(), config.dataDir()).text();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(30))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer;
    try {
      answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException("no service responds at " + url + "; start it with ./m2ib serve", e);
    }
    spec.commandLine().getOut().println(answer.body());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("the service answered HTTP " + answer.statusCode());
    }
    return 0;
  }
}
